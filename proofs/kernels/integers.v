(* Hand-written: threshold units and the perceptron over Z, decided by computation. No axioms.
   The integers of a row are the entries times one common denominator `den` > 0, by which a bias is multiplied too;
   those of a unit are its weights and bias times its own denominator > 0, which changes no sign. *)
From Coq Require Export ZArith List Bool Lia.
Export ListNotations.
Open Scope Z_scope.

Definition row := (list Z * bool)%type.
Definition weights := (list Z * Z)%type.          (* w and b *)
Definition unit := (Z * weights)%type.            (* denominator, then w and b times it *)

Fixpoint dot (w x : list Z) : Z :=
  match w, x with
  | a :: w', b :: x' => a * b + dot w' x'
  | _, _ => 0
  end.

Definition score (den : Z) (u : weights) (x : list Z) : Z := dot (fst u) x + snd u * den.
Definition separates (den : Z) (rows : list row) (u : weights) : Prop :=
  Forall (fun r : row => if snd r then 0 <= score den u (fst r) else score den u (fst r) < 0) rows.

Definition inseparable (den : Z) (rows : list row) : Prop := 0 < den /\ forall u : weights, ~ separates den rows u.

Definition outputs (den : Z) (hidden : list unit) (skip : bool) (r : row) : row :=
  (map (fun u => if 0 <=? score den (snd u) (fst r) then den else 0) hidden ++ (if skip then fst r else []), snd r).

(* The output unit, reading the hidden units and, if `skip`, the row itself, is 1 exactly on label 1. *)
Definition computes (den : Z) (rows : list row) (hidden : list unit) (skip : bool) (output : unit) : Prop :=
  0 < den /\ Forall (fun u => 0 < fst u) (output :: hidden) /\
  separates den (map (outputs den hidden skip) rows) (snd output).

Definition separates_b (den : Z) (rows : list row) (u : weights) : bool :=
  forallb (fun r : row => if snd r then 0 <=? score den u (fst r) else score den u (fst r) <? 0) rows.

Lemma separates_b_sound den rows u : separates_b den rows u = true -> separates den rows u.
Proof.
  unfold separates_b. rewrite forallb_forall. intros H. apply Forall_forall. intros r Hr.
  specialize (H r Hr). destruct (snd r); [apply Z.leb_le|apply Z.ltb_lt]; exact H.
Qed.

Definition computes_b den rows hidden skip output : bool :=
  (0 <? den) && forallb (fun u : unit => 0 <? fst u) (output :: hidden) &&
  separates_b den (map (outputs den hidden skip) rows) (snd output).

Theorem computes_sound den rows hidden skip output :
  computes_b den rows hidden skip output = true -> computes den rows hidden skip output.
Proof.
  unfold computes_b. rewrite !andb_true_iff. intros [[Hd Hu] Hs]. split; [apply Z.ltb_lt, Hd|split].
  - rewrite forallb_forall in Hu. apply Forall_forall. intros u H. apply Z.ltb_lt, Hu, H.
  - apply separates_b_sound, Hs.
Qed.

(* Farkas: the inequalities, each times its multiplier, add up to 0 < 0. *)

Fixpoint add (u v : list Z) : list Z :=
  match u, v with
  | a :: u', b :: v' => a + b :: add u' v'
  | [], _ => v
  | _, [] => u
  end.

Definition signed (l : bool) (m : Z) : Z := if l then m else - m.

Fixpoint total (ms : list Z) (rows : list row) : list Z :=
  match ms, rows with
  | m :: ms', (x, l) :: rows' => add (map (Z.mul (signed l m)) x) (total ms' rows')
  | _, _ => []
  end.

Fixpoint balance (ms : list Z) (rows : list row) : Z :=
  match ms, rows with
  | m :: ms', (_, l) :: rows' => signed l m + balance ms' rows'
  | _, _ => 0
  end.

Fixpoint against (ms : list Z) (rows : list row) : Z :=
  match ms, rows with
  | m :: ms', (_, l) :: rows' => (if l then 0 else m) + against ms' rows'
  | _, _ => 0
  end.

Definition farkas_b (den : Z) (rows : list row) (ms : list Z) : bool :=
  (0 <? den) && forallb (Z.leb 0) ms && forallb (Z.eqb 0) (total ms rows) &&
  (balance ms rows =? 0) && (0 <? against ms rows).

Lemma dot_nil_r w : dot w [] = 0.
Proof. destruct w; reflexivity. Qed.

Lemma dot_add w u v : dot w (add u v) = dot w u + dot w v.
Proof.
  revert u v. induction w as [|a w IH]; intros [|b u] [|c v]; simpl; rewrite ?IH; ring.
Qed.

Lemma dot_scale w c x : dot w (map (Z.mul c) x) = c * dot w x.
Proof. revert x. induction w as [|a w IH]; intros [|b x]; simpl; rewrite ?IH; ring. Qed.

Lemma dot_zero w v : forallb (Z.eqb 0) v = true -> dot w v = 0.
Proof.
  revert v. induction w as [|a w IH]; intros [|b v]; cbn [dot forallb]; try reflexivity.
  rewrite andb_true_iff, Z.eqb_eq. intros [<- H]. rewrite IH; [ring|exact H].
Qed.

Lemma combination den rows u ms :
  forallb (Z.leb 0) ms = true -> separates den rows u ->
  against ms rows <= dot (fst u) (total ms rows) + snd u * den * balance ms rows.
Proof.
  revert ms. induction rows as [|[x l] rows IH]; intros [|m ms] Hm Hs; simpl; rewrite ?dot_nil_r; try lia.
  simpl in Hm. apply andb_true_iff in Hm as [Hm Hms]. apply Z.leb_le in Hm.
  inversion Hs as [|r rest Hr Hrest]; subst. specialize (IH ms Hms Hrest).
  rewrite dot_add, dot_scale. unfold signed, score in *. simpl in Hr. destruct l; nia.
Qed.

Theorem farkas_sound den rows ms : farkas_b den rows ms = true -> inseparable den rows.
Proof.
  unfold farkas_b. rewrite !andb_true_iff. intros [[[[Hd Hm] Ht] Hb] Ha].
  apply Z.ltb_lt in Hd, Ha. apply Z.eqb_eq in Hb. split; [exact Hd|]. intros u Hs.
  pose proof (combination den rows u ms Hm Hs) as H. rewrite dot_zero, Hb in H by exact Ht. lia.
Qed.

(* The perceptron: at a row (x, t), a = 1 if w.x + b >= 0, else 0; then w += rate (t - a) x, b += rate (t - a). *)

Definition error (den : Z) (u : weights) (r : row) : Z :=
  (if snd r then 1 else 0) - (if 0 <=? score den u (fst r) then 1 else 0).
Definition step (rate : Z) (u : weights) (r : row) : weights :=
  (add (fst u) (map (Z.mul (rate * error 1 u r)) (fst r)), snd u + rate * error 1 u r).
Definition pass (rate : Z) (order : list row) (u : weights) : weights := fold_left (step rate) order u.
Definition pick (rows : list row) (order : list nat) : list row := map (fun k => nth k rows ([], true)) order.

(* The state after `whole` passes through `order` and the rows `rest`. *)
Definition reaches (rate : Z) (start : weights) (order rest : list row) (whole : nat) (final : weights) : Prop :=
  pass rate rest (Nat.iter whole (pass rate order) start) = final.

Definition converges (rate : Z) (start : weights) (order rest : list row) (whole : nat) (final : weights) : Prop :=
  reaches rate start order rest whole final /\ Forall (fun r => step rate final r = final) order.

(* However many passes were made, later on some row is wrong again. *)
Definition never_stops (rate : Z) (start : weights) (order : list row) : Prop :=
  forall k, exists j, (k <= j)%nat /\
    Exists (fun r => error 1 (Nat.iter j (pass rate order) start) r <> 0) order.

Definition eqb_weights (u v : weights) : bool :=
  if list_eq_dec Z.eq_dec (fst u) (fst v) then snd u =? snd v else false.

Lemma eqb_weights_sound u v : eqb_weights u v = true -> u = v.
Proof.
  destruct u as [w b], v as [w' b']. unfold eqb_weights. simpl.
  destruct (list_eq_dec Z.eq_dec w w'); [|discriminate]. rewrite Z.eqb_eq. intros ->. subst. reflexivity.
Qed.

Definition cycles_b rate start order (before period : nat) : bool :=
  let first := Nat.iter before (pass rate order) start in
  negb (Nat.eqb period 0) && eqb_weights (Nat.iter period (pass rate order) first) first &&
  existsb (fun r => negb (error 1 first r =? 0)) order.

Lemma iter_add {A} (f : A -> A) n m x : Nat.iter (n + m) f x = Nat.iter n f (Nat.iter m f x).
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH. reflexivity. Qed.

Lemma iter_period {A} (f : A -> A) p x n : Nat.iter p f x = x -> Nat.iter (n * p) f x = x.
Proof. intros H. induction n as [|n IH]; simpl; [reflexivity|]. rewrite iter_add, IH. exact H. Qed.

Theorem cycles_sound rate start order before period :
  cycles_b rate start order before period = true -> never_stops rate start order.
Proof.
  unfold cycles_b. rewrite !andb_true_iff. intros [[Hp He] Hx] k.
  apply eqb_weights_sound in He. rewrite negb_true_iff, Nat.eqb_neq in Hp.
  exists (k * period + before)%nat. split; [nia|]. rewrite iter_add, (iter_period _ _ _ _ He).
  apply existsb_exists in Hx as [r [Hr Hx]]. apply Exists_exists. exists r. split; [exact Hr|].
  apply negb_true_iff, Z.eqb_neq in Hx. exact Hx.
Qed.

(* No order of visits leaves the states that are listed. *)
Definition stays (rate : Z) (start : weights) (rows : list row) (states : list weights) : Prop :=
  forall visits, incl visits rows -> In (fold_left (step rate) visits start) states.

Definition member (states : list weights) (u : weights) : bool := existsb (eqb_weights u) states.
Definition stays_b rate start rows states : bool :=
  member states start && forallb (fun u => forallb (fun r => member states (step rate u r)) rows) states.

Lemma member_sound states u : member states u = true -> In u states.
Proof.
  unfold member. rewrite existsb_exists. intros [v [H E]]. apply eqb_weights_sound in E. subst. exact H.
Qed.

Theorem stays_sound rate start rows states :
  stays_b rate start rows states = true -> stays rate start rows states.
Proof.
  unfold stays_b. rewrite andb_true_iff. intros [Hs Hc] visits Hv.
  apply member_sound in Hs. rewrite forallb_forall in Hc. revert start Hs Hv.
  induction visits as [|r visits IH]; simpl; intros start Hs Hv; [exact Hs|].
  apply IH; [|intros x Hx; apply Hv; right; exact Hx].
  specialize (Hc start Hs). rewrite forallb_forall in Hc. apply member_sound, Hc, Hv. left. reflexivity.
Qed.

(* Novikoff: from zero, whatever the order and the rate, at most `most` updates. *)

Fixpoint updates (rate : Z) (u : weights) (visits : list row) : Z :=
  match visits with
  | [] => 0
  | r :: rest => Z.abs (error 1 u r) + updates rate (step rate u r) rest
  end.

Definition updates_at_most (rows : list row) (most : Z) : Prop :=
  forall rate visits, 0 < rate -> incl visits rows -> updates rate ([], 0) visits <= most.

Definition margin (u : weights) (r : row) : Z := signed (snd r) (score 1 u (fst r)).
Definition square (u : weights) : Z := dot (fst u) (fst u) + snd u * snd u.

Definition novikoff_b (rows : list row) (u : weights) (gamma radius most : Z) : bool :=
  (0 <? gamma) && (0 <=? most) && (0 <=? radius) &&
  forallb (fun r : row => (gamma <=? margin u r) && (dot (fst r) (fst r) + 1 <=? radius)) rows &&
  (radius * square u <? (most + 1) * gamma * gamma).

Lemma dot_sym u v : dot u v = dot v u.
Proof. revert v. induction u as [|a u IH]; intros [|b v]; simpl; try reflexivity. rewrite IH. ring. Qed.

Lemma dot_self w : 0 <= dot w w.
Proof. induction w as [|a w IH]; simpl; [lia|]. nia. Qed.

Lemma root_le x y : 0 <= y -> x * x <= y * y -> x <= y.
Proof. intros Hy H. destruct (Z.le_gt_cases x y) as [|G]; [assumption|]. assert (y * y < x * x) by nia. lia. Qed.

Lemma two_products a b d A B : 0 <= A -> 0 <= B -> d * d <= A * B -> 2 * (a * b * d) <= a * a * B + b * b * A.
Proof.
  intros HA HB Hd.
  assert (Ha : 0 <= a * a * B) by (apply Z.mul_nonneg_nonneg; [apply Z.square_nonneg|exact HB]).
  assert (Hb : 0 <= b * b * A) by (apply Z.mul_nonneg_nonneg; [apply Z.square_nonneg|exact HA]).
  apply root_le; [lia|].
  assert (H : 4 * ((a * b) * (a * b)) * (d * d) <= 4 * ((a * b) * (a * b)) * (A * B)).
  { apply Z.mul_le_mono_nonneg_l; [pose proof (Z.square_nonneg (a * b)); lia|exact Hd]. }
  pose proof (Z.square_nonneg (a * a * B - b * b * A)). lia.
Qed.

Lemma cauchy_schwarz u v : dot u v * dot u v <= dot u u * dot v v.
Proof.
  revert v. induction u as [|a u IH]; intros [|b v]; simpl; try nia.
  pose proof (IH v). pose proof (two_products a b (dot u v) (dot u u) (dot v v) (dot_self u) (dot_self v) (IH v)). lia.
Qed.

Definition inner (u v : weights) : Z := dot (fst u) (fst v) + snd u * snd v.

Lemma inner_cauchy u v : inner u v * inner u v <= square u * square v.
Proof.
  pose proof (cauchy_schwarz (fst u) (fst v)) as H.
  pose proof (two_products (snd u) (snd v) _ _ _ (dot_self (fst u)) (dot_self (fst v)) H).
  unfold inner, square. lia.
Qed.

Lemma inner_step rate u v r :
  inner u (step rate v r) = inner u v + rate * error 1 v r * score 1 u (fst r).
Proof. unfold inner, step, score. cbn [fst snd]. rewrite dot_add, dot_scale. ring. Qed.

Lemma square_step rate v r :
  square (step rate v r) =
  square v + rate * error 1 v r * (2 * score 1 v (fst r) + rate * error 1 v r * (dot (fst r) (fst r) + 1)).
Proof.
  unfold square, step, score. cbn [fst snd]. rewrite !dot_add, !dot_scale.
  rewrite (dot_sym (add _ _) (fst v)), (dot_sym (add _ _) (fst r)), !dot_add, !dot_scale.
  rewrite (dot_sym (fst r) (fst v)). ring.
Qed.

(* An update adds at least gamma to the inner product with u, and at most radius to the square. *)
Lemma mistake rate u v r gamma radius :
  0 < rate -> gamma <= margin u r -> dot (fst r) (fst r) + 1 <= radius ->
  inner u v + rate * gamma * Z.abs (error 1 v r) <= inner u (step rate v r) /\
  square (step rate v r) <= square v + rate * rate * radius * Z.abs (error 1 v r).
Proof.
  intros Hr Hg HR. rewrite inner_step, square_step. unfold margin, signed in Hg. unfold error.
  set (s := score 1 v (fst r)). set (t := score 1 u (fst r)) in *. set (q := dot (fst r) (fst r) + 1) in *.
  assert (Q : rate * rate * q <= rate * rate * radius) by (apply Z.mul_le_mono_nonneg_l; nia).
  destruct (snd r), (Z.leb_spec 0 s); simpl Z.sub; simpl Z.abs; split; nia.
Qed.

Lemma updates_nonneg rate v visits : 0 <= updates rate v visits.
Proof. revert v. induction visits as [|r rest IH]; intros v; simpl; [lia|]. specialize (IH (step rate v r)). lia. Qed.

Lemma after rate u rows gamma radius visits v :
  0 < rate -> incl visits rows ->
  (forall r, In r rows -> gamma <= margin u r /\ dot (fst r) (fst r) + 1 <= radius) ->
  inner u v + rate * gamma * updates rate v visits <= inner u (fold_left (step rate) visits v) /\
  square (fold_left (step rate) visits v) <= square v + rate * rate * radius * updates rate v visits.
Proof.
  intros Hr Hi Hall. revert v. induction visits as [|r rest IH]; intros v; cbn [fold_left updates]; [lia|].
  destruct (Hall r (Hi r (or_introl eq_refl))) as [Hg HR].
  destruct (mistake rate u v r gamma radius Hr Hg HR) as [M1 M2].
  destruct (IH (fun x Hx => Hi x (or_intror Hx)) (step rate v r)) as [I1 I2]. split; lia.
Qed.

Theorem novikoff_sound rows u gamma radius most :
  novikoff_b rows u gamma radius most = true -> updates_at_most rows most.
Proof.
  unfold novikoff_b. rewrite !andb_true_iff. intros [[[[Hg Hm] HR] Hall] Hb] rate visits Hr Hi.
  apply Z.ltb_lt in Hg, Hb. apply Z.leb_le in Hm, HR. rewrite forallb_forall in Hall.
  destruct (after rate u rows gamma radius visits ([], 0) Hr Hi) as [I S].
  { intros r H. specialize (Hall r H). apply andb_true_iff in Hall as [A B]. split; apply Z.leb_le; assumption. }
  pose proof (updates_nonneg rate ([], 0) visits) as K.
  pose proof (inner_cauchy u (fold_left (step rate) visits ([], 0))) as C.
  set (k := updates rate ([], 0) visits) in *. set (final := fold_left (step rate) visits ([], 0)) in *.
  change (inner u ([], 0)) with (dot (fst u) [] + snd u * 0) in I. rewrite dot_nil_r in I.
  change (square ([], 0)) with 0 in S.
  assert (U : 0 <= square u) by (unfold square; pose proof (dot_self (fst u)); nia).
  destruct (Z.le_gt_cases k most) as [|G]; [assumption|exfalso].
  assert (L : (rate * gamma * k) * (rate * gamma * k) <= inner u final * inner u final).
  { assert (0 <= rate * gamma * k) by (apply Z.mul_nonneg_nonneg; nia). apply Z.mul_le_mono_nonneg; lia. }
  assert (R : square u * square final <= square u * (rate * rate * radius * k)) by (apply Z.mul_le_mono_nonneg_l; lia).
  assert (E : (rate * rate * k) * (gamma * gamma * k) <= (rate * rate * k) * (radius * square u)) by lia.
  assert (P : 0 < rate * rate * k) by (apply Z.mul_pos_pos; nia).
  apply Z.mul_le_mono_pos_l in E; [|exact P].
  assert (gamma * gamma * (most + 1) <= gamma * gamma * k) by (apply Z.mul_le_mono_nonneg_l; nia). lia.
Qed.

(* The census: exactly so many functions of n inputs, given by their tables, have a separator. *)

Fixpoint words (n : nat) : list (list bool) :=
  match n with
  | O => [[]]
  | S m => map (cons false) (words m) ++ map (cons true) (words m)
  end.

Definition point (word : list bool) : list Z := map (fun bit : bool => if bit then 1 else 0) word.
Definition rows_of (n : nat) (table : list bool) : list row := combine (map point (words n)) table.
Definition threshold_functions (n count : nat) : Prop :=
  exists chosen, NoDup chosen /\ length chosen = count /\
    forall table, length table = length (words n) ->
      (In table chosen <-> exists u, separates 1 (rows_of n table) u).

Definition witness := (weights + list Z)%type.
Definition is_line (p : list bool * witness) : bool := match snd p with inl _ => true | inr _ => false end.
Definition shows (n : nat) (p : list bool * witness) : bool :=
  match snd p with
  | inl u => separates_b 1 (rows_of n (fst p)) u
  | inr ms => farkas_b 1 (rows_of n (fst p)) ms
  end.

Fixpoint distinct (tables : list (list bool)) : bool :=
  match tables with
  | [] => true
  | t :: rest => negb (existsb (fun s => if list_eq_dec bool_dec s t then true else false) rest) && distinct rest
  end.

Definition census_b (n : nat) (ws : list witness) (count : nat) : bool :=
  let tables := words (length (words n)) in
  let chosen := map fst (filter is_line (combine tables ws)) in
  Nat.eqb (length ws) (length tables) && forallb (shows n) (combine tables ws) &&
  distinct chosen && Nat.eqb (length chosen) count.

Lemma distinct_sound tables : distinct tables = true -> NoDup tables.
Proof.
  induction tables as [|t rest IH]; simpl; [constructor|]. rewrite andb_true_iff, negb_true_iff. intros [H D].
  constructor; [|apply IH, D]. intros Hin. apply Bool.not_true_iff_false in H. apply H, existsb_exists.
  exists t. split; [exact Hin|]. destruct (list_eq_dec bool_dec t t); [reflexivity|contradiction].
Qed.

Lemma words_complete n word : length word = n -> In word (words n).
Proof.
  revert word. induction n as [|n IH]; intros [|b word] H; simpl in *; try discriminate; [left; reflexivity|].
  apply in_or_app. injection H as H. destruct b; [right|left]; apply in_map, IH, H.
Qed.

Lemma in_combined {A B} (xs : list A) (ys : list B) x :
  length ys = length xs -> In x xs -> exists y, In (x, y) (combine xs ys).
Proof.
  revert ys. induction xs as [|a xs IH]; intros [|b ys] L H; simpl in *; try discriminate; [contradiction|].
  injection L as L. destruct H as [->|H]; [exists b; left; reflexivity|].
  destruct (IH ys L H) as [y Hy]. exists y. right. exact Hy.
Qed.

Theorem census_sound n ws count : census_b n ws count = true -> threshold_functions n count.
Proof.
  unfold census_b. rewrite !andb_true_iff. intros [[[L S] D] C].
  apply Nat.eqb_eq in L, C. rewrite forallb_forall in S.
  set (ps := combine (words (length (words n))) ws) in *. exists (map fst (filter is_line ps)).
  split; [apply distinct_sound, D|split; [exact C|]]. intros table T. split.
  - intros H. apply in_map_iff in H as [p [<- H]]. apply filter_In in H as [H E].
    specialize (S p H). unfold shows in S. unfold is_line in E. destruct (snd p) as [u|ms]; [|discriminate].
    exists u. apply separates_b_sound, S.
  - intros [u H]. destruct (in_combined _ ws table L (words_complete _ table T)) as [w Hw]. fold ps in Hw.
    apply in_map_iff. exists (table, w). split; [reflexivity|]. apply filter_In. split; [exact Hw|].
    specialize (S _ Hw). unfold shows in S. destruct w as [v|ms]; [reflexivity|exfalso].
    exact (proj2 (farkas_sound _ _ _ S) u H).
Qed.

(* Smallest weights: in each case of a tree the inequalities add up to more than smaller integer weights can reach. *)

Fixpoint measure (largest : bool) (w : list Z) : Z :=
  match w with
  | [] => 0
  | a :: w' => if largest then Z.max (Z.abs a) (measure largest w') else Z.abs a + measure largest w'
  end.

(* The sum, or the largest, of the sizes of the weights, and of the bias if it counts. *)
Definition size (largest bias : bool) (u : weights) : Z :=
  measure largest ((if bias then [snd u] else []) ++ fst u).

Definition smallest (den : Z) (rows : list row) (largest bias : bool) (u : weights) : Prop :=
  0 < den /\ separates den rows u /\ forall v, separates den rows v -> size largest bias u <= size largest bias v.

(* inner c v >= bound *)
Definition inequality := (weights * Z)%type.
Definition satisfied (v : weights) (i : inequality) : Prop := snd i <= inner (fst i) v.
Definition scaled (k : Z) (u : weights) : weights := (map (Z.mul k) (fst u), k * snd u).
Definition of_row (den : Z) (r : row) : inequality :=
  if snd r then ((fst r, den), 0) else (scaled (-1) (fst r, den), 1).

Inductive tree :=
  | Leaf (multipliers : list (nat * Z))
  | Branch (side : weights) (below : Z) (low high : tree).

Fixpoint summed (system : list inequality) (multipliers : list (nat * Z)) : inequality :=
  match multipliers with
  | [] => (([], 0), 0)
  | (k, m) :: rest =>
      let '(c, bound) := nth k system (([], 0), 0) in
      let '(s, least) := summed system rest in
      ((add (map (Z.mul m) (fst c)) (fst s), m * snd c + snd s), m * bound + least)
  end.

Fixpoint closed (largest bias : bool) (limit : Z) (system : list inequality) (t : tree) : bool :=
  match t with
  | Leaf multipliers =>
      let '(s, least) := summed system multipliers in
      forallb (fun p : nat * Z => 0 <=? snd p) multipliers && (bias || (snd s =? 0)) &&
      (size (negb largest) bias s * limit <? least)
  | Branch side below low high =>
      closed largest bias limit (system ++ [(scaled (-1) side, 1 - below)]) low &&
      closed largest bias limit (system ++ [(side, below)]) high
  end.

Definition smallest_b den rows largest bias u t : bool :=
  (0 <? den) && separates_b den rows u &&
  ((size largest bias u <=? 0) || closed largest bias (size largest bias u - 1) (map (of_row den) rows) t).

Lemma inner_scaled k u v : inner (scaled k u) v = k * inner u v.
Proof. unfold inner, scaled. cbn [fst snd]. rewrite (dot_sym _ (fst v)), dot_scale, (dot_sym (fst u)). ring. Qed.

Lemma measure_nonneg largest w : 0 <= measure largest w.
Proof. induction w as [|a w IH]; simpl; [lia|]. destruct largest; lia. Qed.

Lemma dual largest w x : dot w x <= measure (negb largest) w * measure largest x.
Proof.
  revert x. induction w as [|a w IH]; intros [|b x]; cbn [dot measure]; try (rewrite ?Z.mul_0_r; lia).
  specialize (IH x). pose proof (measure_nonneg (negb largest) w) as A. pose proof (measure_nonneg largest x) as B.
  assert (P : a * b <= Z.abs a * Z.abs b) by (rewrite <- Z.abs_mul; lia).
  pose proof (Z.abs_nonneg a). pose proof (Z.abs_nonneg b).
  destruct largest; cbn [negb] in *.
  - assert (Z.abs a * Z.abs b <= Z.abs a * Z.max (Z.abs b) (measure true x)) by (apply Z.mul_le_mono_nonneg_l; lia).
    assert (measure false w * measure true x <= measure false w * Z.max (Z.abs b) (measure true x))
      by (apply Z.mul_le_mono_nonneg_l; lia). lia.
  - assert (Z.abs a * Z.abs b <= Z.max (Z.abs a) (measure true w) * Z.abs b) by (apply Z.mul_le_mono_nonneg_r; lia).
    assert (measure true w * measure false x <= Z.max (Z.abs a) (measure true w) * measure false x)
      by (apply Z.mul_le_mono_nonneg_r; lia). lia.
Qed.

Lemma summed_sound v system multipliers :
  Forall (satisfied v) system -> forallb (fun p : nat * Z => 0 <=? snd p) multipliers = true ->
  satisfied v (summed system multipliers).
Proof.
  intros H. induction multipliers as [|[k m] rest IH]; cbn [summed forallb]; intros Hm.
  - unfold satisfied, inner. simpl. lia.
  - apply andb_true_iff in Hm as [Hm Hr]. apply Z.leb_le in Hm. cbn [snd] in Hm. specialize (IH Hr).
    assert (K : satisfied v (nth k system (([], 0), 0))).
    { destruct (Nat.lt_ge_cases k (length system)) as [L|L].
      - rewrite Forall_forall in H. apply H, nth_In, L.
      - rewrite nth_overflow by exact L. unfold satisfied, inner. simpl. lia. }
    destruct (nth k system (([], 0), 0)) as [c bound], (summed system rest) as [s least].
    unfold satisfied, inner in *. cbn [fst snd] in *.
    rewrite (dot_sym (add _ _)), dot_add, dot_scale, (dot_sym (fst v)), (dot_sym (fst v) (fst s)). nia.
Qed.

Lemma closed_sound largest bias limit t : forall v system,
  Forall (satisfied v) system -> closed largest bias limit system t = true -> limit < size largest bias v.
Proof.
  induction t as [multipliers|side below low IHl high IHh]; intros v system H; cbn [closed].
  - pose proof (summed_sound v system multipliers H) as S.
    destruct (summed system multipliers) as [s least]. rewrite !andb_true_iff. intros [[Hm Hb] Hc].
    specialize (S Hm). unfold satisfied, inner in S. cbn [fst snd] in S. apply Z.ltb_lt in Hc.
    apply Z.lt_nge. intros L.
    pose proof (measure_nonneg (negb largest) ((if bias then [snd s] else []) ++ fst s)) as N.
    assert (D : dot (fst s) (fst v) + snd s * snd v <= size (negb largest) bias s * size largest bias v).
    { unfold size. destruct bias.
      - pose proof (dual largest (snd s :: fst s) (snd v :: fst v)) as D. cbn [dot] in D. simpl app. lia.
      - cbn [orb] in Hb. apply Z.eqb_eq in Hb. rewrite Hb. pose proof (dual largest (fst s) (fst v)). simpl app. lia. }
    unfold size in *. nia.
  - rewrite andb_true_iff. intros [Hl Hh]. destruct (Z.le_gt_cases below (inner side v)) as [G|G].
    + refine (IHh v _ _ Hh). apply Forall_app. split; [exact H|]. constructor; [exact G|constructor].
    + refine (IHl v _ _ Hl). apply Forall_app. split; [exact H|]. constructor; [|constructor].
      unfold satisfied. cbn [fst snd]. rewrite inner_scaled. lia.
Qed.

Theorem smallest_sound den rows largest bias u t :
  smallest_b den rows largest bias u t = true -> smallest den rows largest bias u.
Proof.
  unfold smallest_b. rewrite !andb_true_iff, orb_true_iff. intros [[Hd Hs] Ht].
  split; [apply Z.ltb_lt, Hd|split; [apply separates_b_sound, Hs|]]. intros v Hv.
  destruct Ht as [Ht|Ht]; [apply Z.leb_le in Ht; pose proof (measure_nonneg largest ((if bias then [snd v] else [])
      ++ fst v)); unfold size in *; lia|].
  enough (size largest bias u - 1 < size largest bias v) by lia.
  refine (closed_sound _ _ _ t v _ _ Ht). apply Forall_forall. intros i Hi. apply in_map_iff in Hi as [r [<- Hr]].
  unfold separates in Hv. rewrite Forall_forall in Hv. specialize (Hv r Hr). unfold satisfied, of_row, score in *.
  destruct (snd r); cbn [fst snd]; [|rewrite inner_scaled]; unfold inner; cbn [fst snd]; rewrite (dot_sym (fst r)); lia.
Qed.
