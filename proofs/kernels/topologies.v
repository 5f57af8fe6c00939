(* Hand-written: which functions a topology of threshold units has, by real weights of its own and by a shared one. *)
Require Export clauses.
Open Scope R_scope.

(* What each unit reads, by number: 0 is the constant 1, then come the inputs, then the units. *)
Fixpoint total_of (values : list bool) (unit : list nat) (w : list R) : R :=
  match unit with
  | [] => 0
  | s :: rest => (if nth s values false then hd 0 w else 0) + total_of values rest (tl w)
  end.

Fixpoint run_units (units : list (list nat)) (ws : list (list R)) (values : list bool) : list bool :=
  match units with
  | [] => values
  | u :: rest => run_units rest (tl ws) (values ++ [if Rle_dec 0 (total_of values u (hd [] ws)) then true else false])
  end.

Definition table_of (n : nat) (units : list (list nat)) (ws : list (list R)) : list bool :=
  map (fun point => last (run_units units ws (true :: point)) false) (words n).
Definition all_edges (units : list (list nat)) (w : R) : list (list R) := map (map (fun _ => w)) units.

Definition representsR (n : nat) (units : list (list nat)) (free shared : list (list bool)) : Prop :=
  NoDup free /\ NoDup shared /\ forall table,
    (In table free <-> exists ws, table_of n units ws = table) /\
    (In table shared <-> exists w, table_of n units (all_edges units w) = table).

(* The same with tables in place of values: `height` rows, one table for each value. *)
Definition at_row (cols : list (list bool)) (i : nat) : list bool := map (fun c => bit c i) cols.
Definition unit_table (height : nat) (cols : list (list bool)) (u : list nat) (w : list R) : list bool :=
  map (fun i => if Rle_dec 0 (total_of (at_row cols i) u w) then true else false) (seq 0 height).
Fixpoint run_tables (height : nat) (units : list (list nat)) (ws : list (list R)) (cols : list (list bool)) : list
    (list bool) :=
  match units with
  | [] => cols
  | u :: rest => run_tables height rest (tl ws) (cols ++ [unit_table height cols u (hd [] ws)])
  end.

Lemma rows_agree height i units : (i < height)%nat -> forall ws cols,
  run_units units ws (at_row cols i) = at_row (run_tables height units ws cols) i.
Proof.
  intros L. induction units as [|u units IH]; intros ws cols; cbn [run_units run_tables]; [reflexivity|].
  rewrite <- IH. f_equal.
  replace (at_row (cols ++ [unit_table height cols u (hd [] ws)]) i) with
    (at_row cols i ++ [bit (unit_table height cols u (hd [] ws)) i]) by (unfold at_row; rewrite map_app; reflexivity).
  f_equal. f_equal. unfold unit_table. rewrite (bit_map _ (seq 0 height) i 0%nat) by (rewrite seq_length; exact L).
  rewrite seq_nth by exact L. reflexivity.
Qed.

Definition given (n : nat) : list (list bool) :=
  map (fun j => map (fun point => nth j (true :: point) false) (words n)) (seq 0 (S n)).

Lemma words_length n word : In word (words n) -> length word = n.
Proof.
  revert word. induction n as [|n IH]; intros word H; simpl in H; [destruct H as [<-|[]]; reflexivity|].
  apply in_app_or in H as [H|H]; apply in_map_iff in H as [w [<- H]]; simpl; f_equal; apply IH, H.
Qed.

Lemma nth_all {A} (l : list A) d : map (fun j => nth j l d) (seq 0 (length l)) = l.
Proof.
  induction l as [|a l IH]; [reflexivity|]. cbn [length seq map nth]. f_equal. rewrite <- seq_shift, map_map. exact
      IH.
Qed.

Lemma given_row n i : (i < length (words n))%nat -> at_row (given n) i = true :: nth i (words n) [].
Proof.
  intros L. unfold at_row, given. rewrite map_map.
  rewrite (map_ext _ (fun j => nth j (true :: nth i (words n) []) false)).
  - pose proof (words_length n (nth i (words n) []) (nth_In _ _ L)) as W.
    replace (S n) with (length (true :: nth i (words n) [])) by (simpl; rewrite W; reflexivity). apply nth_all.
  - intros j. apply (bit_map (fun point => nth j (true :: point) false) (words n) i []), L.
Qed.

Lemma last_row cols i : bit (last cols []) i = last (at_row cols i) false.
Proof.
  induction cols as [|c cols IH]; [destruct i; reflexivity|]. destruct cols as [|d cols]; [reflexivity|]. exact IH.
Qed.

Lemma run_tables_length height units ws cols :
  units <> [] -> length (last (run_tables height units ws cols) []) = height.
Proof.
  revert ws cols. induction units as [|u units IH]; intros ws cols N; [contradiction|]. cbn [run_tables].
  destruct units as [|v units]; [|apply IH; discriminate].
  cbn [run_tables]. rewrite last_last. unfold unit_table. rewrite map_length, seq_length. reflexivity.
Qed.

Lemma bits_all c : map (bit c) (seq 0 (length c)) = c.
Proof. apply nth_all. Qed.

Lemma table_last n units ws : units <> [] ->
  table_of n units ws = last (run_tables (length (words n)) units ws (given n)) [].
Proof.
  intros N. set (t := last _ []). rewrite <- (bits_all t). unfold t at 2. rewrite run_tables_length by exact N.
  unfold table_of. rewrite <- (nth_all (words n) []) at 1. rewrite map_map. apply map_ext_in. intros i I.
  apply in_seq in I. unfold t. rewrite last_row, <- rows_agree, given_row by lia. reflexivity.
Qed.

(* What a unit can compute that reads these tables. *)
Open Scope Z_scope.

Record entry := { tables : list (list bool); units_of : list (list Z); combinations : list (list Z) }.

Definition digit (v : bool) : Z := if v then 1 else 0.
Definition eqb_table (c d : list bool) : bool := if list_eq_dec bool_dec c d then true else false.
Definition in_tables (c : list bool) (l : list (list bool)) : bool := existsb (eqb_table c) l.

(* The table of small weights, the values being the entry's tables. *)
Definition by_weights (height : nat) (e : entry) (w : list Z) : list bool :=
  map (fun i => 0 <=? dot w (map (fun c => digit (bit c i)) (tables e))) (seq 0 height).

Definition vanishes (m : list Z) (c : list bool) : bool := dot m (map digit c) =? 0.
Definition excludes (m : list Z) (t : list bool) : bool :=
  forallb (fun p : Z * bool => if snd p then 0 <=? fst p else fst p <=? 0) (combine m t).

Definition entry_b (height : nat) (e : entry) : bool :=
  forallb (fun m => Nat.eqb (length m) height && existsb (fun k => k <? 0) m &&
    forallb (vanishes m) (tables e)) (combinations e) &&
  forallb (fun t => in_tables t (map (by_weights height e) (units_of e)) || existsb (fun m => excludes m t)
      (combinations e))
    (words height).

Definition fits (e : entry) (reads : list (list bool)) : bool :=
  forallb (fun c => in_tables c (tables e) || forallb negb c) reads && forallb (fun c => in_tables c reads) (tables
      e).

Definition lookup (height : nat) (entries : list entry) (reads : list (list bool)) : option (list (list bool)) :=
  match find (fun e => fits e reads) entries with
  | Some e => Some (map (by_weights height e) (units_of e))
  | None => None
  end.

Fixpoint gathered {A} (l : list (option (list A))) : option (list A) :=
  match l with
  | [] => Some []
  | Some a :: rest => match gathered rest with Some b => Some (a ++ b) | None => None end
  | None :: _ => None
  end.

Fixpoint outcomes (height : nat) (entries : list entry) (units : list (list nat)) (cols : list (list bool)) : option
    (list (list bool)) :=
  match units with
  | [] => Some [last cols []]
  | u :: rest =>
      match lookup height entries (map (fun s => nth s cols []) u) with
      | Some found => gathered (map (fun t => outcomes height entries rest (cols ++ [t])) found)
      | None => None
      end
  end.

Definition at_sign (negative : bool) (n : nat) (units : list (list nat)) : list bool :=
  map (fun point => last (fold_left (fun values u =>
    values ++ [if negative then negb (existsb (fun s => nth s values false) u) else true]) units (true :: point))
        false) (words n).

Definition same_set (l k : list (list bool)) : bool :=
  forallb (fun c => in_tables c k) l && forallb (fun c => in_tables c l) k.

Definition represents_b n units free shared entries : bool :=
  let height := length (words n) in
  negb (Nat.eqb (length units) 0) && forallb (entry_b height) entries && distinct free && distinct shared &&
  match outcomes height entries units (given n) with Some found => same_set found free | None => false end &&
  same_set [at_sign false n units; at_sign true n units] shared.

Lemma in_tables_spec c l : in_tables c l = true <-> In c l.
Proof.
  unfold in_tables. rewrite existsb_exists. unfold eqb_table. split.
  - intros [d [H E]]. destruct (list_eq_dec bool_dec c d); [subst; exact H|discriminate].
  - intros H. exists c. split; [exact H|]. destruct (list_eq_dec bool_dec c c); [reflexivity|contradiction].
Qed.

Lemma same_set_spec l k c : same_set l k = true -> (In c l <-> In c k).
Proof.
  unfold same_set. rewrite andb_true_iff, !forallb_forall. intros [H K].
  split; intros I; apply in_tables_spec; [apply H|apply K]; exact I.
Qed.

Open Scope R_scope.

(* The weighted sum of a unit in row i, by the tables that it reads. *)
Fixpoint sum_row (reads : list (list bool)) (w : list R) (i : nat) : R :=
  match reads with
  | [] => 0
  | c :: rest => (if bit c i then hd 0 w else 0) + sum_row rest (tl w) i
  end.

Lemma total_sum cols u w i : total_of (at_row cols i) u w = sum_row (map (fun s => nth s cols []) u) w i.
Proof.
  revert w. induction u as [|s u IH]; intros w; cbn [total_of map sum_row]; [reflexivity|]. rewrite IH. f_equal.
  unfold at_row. replace (nth s (map (fun c => bit c i) cols) false) with (bit (nth s cols []) i); [reflexivity|].
  destruct (Nat.lt_ge_cases s (length cols)) as [L|L].
  - symmetry. apply (nth_map_in (fun c => bit c i)), L.
  - rewrite !nth_overflow; [destruct i; reflexivity|rewrite map_length; exact L|exact L].
Qed.

Definition has_table (height : nat) (reads : list (list bool)) (w : list R) (t : list bool) : Prop :=
  map (fun i => if Rle_dec 0 (sum_row reads w i) then true else false) (seq 0 height) = t.

Lemma unit_has height cols u w t :
  unit_table height cols u w = t <-> has_table height (map (fun s => nth s cols []) u) w t.
Proof.
  unfold unit_table, has_table. rewrite (map_ext _ (fun i =>
    if Rle_dec 0 (sum_row (map (fun s => nth s cols []) u) w i) then true else false)); [reflexivity|].
  intros i. rewrite total_sum. reflexivity.
Qed.

(* Multipliers: the combination of the rows' sums is 0 whatever the weights are. *)
Fixpoint combined (m : list Z) (s : nat -> R) (i : nat) : R :=
  match m with
  | [] => 0
  | k :: m' => IZR k * s i + combined m' s (S i)
  end.

Lemma combined_plus m s r i : combined m (fun i => s i + r i) i = combined m s i + combined m r i.
Proof. revert i. induction m as [|k m IH]; intros i; cbn [combined]; [ring|]. rewrite IH. ring. Qed.

Lemma combined_zero m i : combined m (fun _ => 0) i = 0.
Proof. revert i. induction m as [|k m IH]; intros i; cbn [combined]; [ring|]. rewrite IH. ring. Qed.


Lemma combined_ext m s r i : (forall j, (i <= j)%nat -> s j = r j) -> combined m s i = combined m r i.
Proof.
  revert i. induction m as [|k m IH]; intros i H; cbn [combined]; [reflexivity|].
  rewrite (H i), (IH (S i)) by (intros; try apply H; lia). reflexivity.
Qed.

Lemma combined_column m a c i :
  combined m (fun j => if nth (j - i) c false then a else 0) i = a * IZR (dot m (map digit c)).
Proof.
  revert i c. induction m as [|k m IH]; intros i c; cbn [combined]; [destruct c; cbn; ring|].
  rewrite Nat.sub_diag. destruct c as [|v c].
  - rewrite (combined_ext m _ (fun _ => 0)) by (intros j _; destruct (j - i)%nat; reflexivity).
    rewrite combined_zero. cbn. ring.
  - rewrite (combined_ext m _ (fun j => if nth (j - S i) c false then a else 0)).
    + rewrite IH. cbn [nth map dot]. rewrite plus_IZR, mult_IZR. destruct v; cbn [digit]; ring.
    + intros j L. replace (j - i)%nat with (S (j - S i)) by lia. reflexivity.
Qed.

Lemma combined_rows m reads w : forallb (vanishes m) reads = true -> combined m (sum_row reads w) 0 = 0.
Proof.
  revert w. induction reads as [|c reads IH]; intros w H; [apply combined_zero|].
  cbn [forallb] in H. apply andb_true_iff in H as [V H]. cbn [sum_row].
  rewrite combined_plus, (IH (tl w) H).
  rewrite (combined_ext m _ (fun j => if nth (j - 0) c false then hd 0 w else 0))
    by (intros j _; rewrite Nat.sub_0_r; reflexivity).
  rewrite combined_column. apply Z.eqb_eq in V. rewrite V. ring.
Qed.

(* A table that agrees with the signs of the multipliers makes the combination positive. *)
Lemma combined_sign m t s i : length m = length t -> excludes m t = true ->
  (forall j, (j < length t)%nat -> nth j t false = true -> 0 <= s (i + j)%nat) ->
  (forall j, (j < length t)%nat -> nth j t false = false -> s (i + j)%nat < 0) ->
  0 <= combined m s i /\ (existsb (fun k => k <? 0)%Z m = true -> 0 < combined m s i).
Proof.
  revert t i. induction m as [|k m IH]; intros [|v t] i L X P N; try discriminate; cbn [combined existsb];
    [split; [lra|discriminate]|].
  cbn [excludes combine forallb fst snd] in X. unfold excludes in X. cbn [combine forallb fst snd] in X.
  apply andb_true_iff in X as [K X]. injection L as L.
  destruct (IH t (S i) L X) as [A B].
  - intros j J T. replace (S i + j)%nat with (i + S j)%nat by lia. apply P; [cbn; lia|exact T].
  - intros j J T. replace (S i + j)%nat with (i + S j)%nat by lia. apply N; [cbn; lia|exact T].
  - specialize (P 0%nat ltac:(cbn; lia)). specialize (N 0%nat ltac:(cbn; lia)). rewrite Nat.add_0_r in P, N. cbn
      [nth] in P, N.
    destruct v.
    + specialize (P eq_refl). apply Z.leb_le in K. pose proof (IZR_le _ _ K).
      assert (0 <= IZR k * s i) by (apply Rmult_le_pos; lra).
      destruct (Z.ltb_spec k 0); [lia|]. cbn [orb]. split; [lra|]. intros E. specialize (B E). lra.
    + specialize (N eq_refl). apply Z.leb_le in K. pose proof (IZR_le _ _ K).
      assert (0 <= - IZR k * - s i) by (apply Rmult_le_pos; lra).
      replace (IZR k * s i) with (- IZR k * - s i) by ring. split; [lra|]. intros E.
      destruct (Z.ltb_spec k 0) as [Q|Q]; [|specialize (B E); lra].
      apply IZR_lt in Q. assert (0 < - IZR k * - s i) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Lemma has_length height reads w t : has_table height reads w t -> length t = height.
Proof. intros <-. rewrite map_length, seq_length. reflexivity. Qed.

Lemma has_row height reads w t i : has_table height reads w t -> (i < height)%nat ->
  (nth i t false = true -> 0 <= sum_row reads w i) /\ (nth i t false = false -> sum_row reads w i < 0).
Proof.
  intros <- L. change (nth i ?l false) with (bit l i). rewrite (bit_map _ (seq 0 height) i 0%nat) by (rewrite
      seq_length; exact L).
  rewrite seq_nth by exact L. cbn [Nat.add]. destruct (Rle_dec 0 _) as [H|H]; split; intros E; try discriminate; lra.
Qed.

Lemma excluded height reads w t m :
  length m = height -> existsb (fun k => k <? 0)%Z m = true -> forallb (vanishes m) reads = true ->
  has_table height reads w t -> excludes m t = true -> False.
Proof.
  intros L N V H X. pose proof (has_length _ _ _ _ H) as Lt. pose proof (combined_rows m reads w V) as Z0.
  destruct (combined_sign m t (sum_row reads w) 0 ltac:(lia) X) as [_ P].
  - intros j J. apply (has_row _ _ _ _ j H). lia.
  - intros j J. apply (has_row _ _ _ _ j H). lia.
  - specialize (P N). lra.
Qed.

(* Weights for the entry's tables are weights for any list of the same tables. *)
Lemma sum_row_nil reads i : sum_row reads [] i = 0.
Proof. induction reads as [|c reads IH]; cbn [sum_row hd tl]; [reflexivity|]. rewrite IH. destruct (bit c i); ring.
    Qed.

Lemma sum_row_add reads w v i : sum_row reads (addR w v) i = sum_row reads w i + sum_row reads v i.
Proof.
  revert w v. induction reads as [|c reads IH]; intros w v; [cbn; ring|].
  destruct w as [|a w]; [rewrite sum_row_nil; cbn [addR]; ring|].
  destruct v as [|e v]; [rewrite sum_row_nil; cbn [addR]; ring|].
  cbn [addR sum_row hd tl]. rewrite IH. destruct (bit c i); ring.
Qed.

Lemma one_column c a reads : In c reads -> exists w, forall i, sum_row reads w i = if bit c i then a else 0.
Proof.
  induction reads as [|d reads IH]; [contradiction|]. intros [->|H].
  - exists [a]. intros i. cbn [sum_row hd tl]. rewrite sum_row_nil. ring.
  - destruct (IH H) as [w W]. exists (0 :: w). intros i. cbn [sum_row hd tl]. rewrite W. destruct (bit d i); ring.
Qed.

Lemma weights_spread reads cols v : (forall c, In c cols -> In c reads) ->
  exists w, forall i, sum_row reads w i = IZR (dot v (map (fun c => digit (bit c i)) cols)).
Proof.
  revert v. induction cols as [|c cols IH]; intros v H.
  - exists []. intros i. rewrite sum_row_nil, dot_nil_r. reflexivity.
  - destruct v as [|k v]; [exists []; intros i; apply sum_row_nil|].
    destruct (IH v) as [w W]; [intros d D; apply H; right; exact D|].
    destruct (one_column c (IZR k) reads (H c (or_introl eq_refl))) as [u U]. exists (addR u w). intros i.
    rewrite sum_row_add, U, W. cbn [map dot]. rewrite plus_IZR, mult_IZR. destruct (bit c i); cbn [digit]; ring.
Qed.

Lemma vanishes_false m c : forallb negb c = true -> vanishes m c = true.
Proof.
  intros H. apply Z.eqb_eq. revert m. induction c as [|v c IH]; intros m; [apply dot_nil_r|].
  cbn [forallb] in H. apply andb_true_iff in H as [V H]. destruct v; [discriminate|]. destruct m as [|k m];
      [reflexivity|].
  cbn [map dot digit]. rewrite (IH H). ring.
Qed.

Lemma lookup_sound height entries reads found t :
  forallb (entry_b height) entries = true -> lookup height entries reads = Some found ->
  (In t found <-> exists w, has_table height reads w t).
Proof.
  unfold lookup. intros E L. destruct (find (fun e => fits e reads) entries) as [e|] eqn:F; [|discriminate].
  injection L as <-. apply find_some in F as [I F]. unfold fits in F. apply andb_true_iff in F as [F G].
  rewrite forallb_forall in E, F, G. specialize (E e I). unfold entry_b in E. apply andb_true_iff in E as [M C].
  rewrite forallb_forall in M, C. split.
  - intros H. apply in_map_iff in H as [v [<- _]].
    destruct (weights_spread reads (tables e) v) as [w W]; [intros c H; apply in_tables_spec, G, H|].
    exists w. unfold has_table, by_weights. apply map_ext. intros i. rewrite W.
    destruct (Rle_dec 0 _) as [P|P], (Z.leb_spec 0 (dot v (map (fun c => digit (bit c i)) (tables e)))) as [Q|Q]; try
        reflexivity.
    + apply IZR_lt in Q. lra.
    + apply IZR_le in Q. lra.
  - intros [w H]. specialize (C t (words_complete height t (has_length _ _ _ _ H))). apply orb_true_iff in C as [C|C];
      [apply in_tables_spec, C|]. exfalso. apply existsb_exists in C as [m [Im X]]. specialize (M m Im).
    rewrite !andb_true_iff in M. destruct M as [[L N] V]. apply Nat.eqb_eq in L.
    refine (excluded height reads w t m L N _ H X). apply forallb_forall. intros c Hc. specialize (F c Hc).
    apply orb_true_iff in F as [F|F]; [|apply vanishes_false, F]. rewrite forallb_forall in V. apply V,
        in_tables_spec, F.
Qed.

Lemma gathered_spec {A B} (f : B -> option (list A)) xs l : gathered (map f xs) = Some l ->
  forall t, In t l <-> exists x k, In x xs /\ f x = Some k /\ In t k.
Proof.
  revert l. induction xs as [|x xs IH]; intros l H t; cbn [map gathered] in H.
  - injection H as <-. split; [contradiction|intros [x [k [[] _]]]].
  - destruct (f x) as [a|] eqn:F; [|discriminate]. destruct (gathered (map f xs)) as [b|]; [|discriminate].
    injection H as <-. rewrite in_app_iff, (IH b eq_refl t). split.
    + intros [H|[y [k [Y K]]]]; [exists x, a|exists y, k]; (split; [|assumption || split; assumption]);
        [left; reflexivity|right; exact Y].
    + intros [y [k [[->|Y] [K T]]]]; [left; congruence|right; exists y, k; repeat split; assumption].
Qed.

Lemma gathered_all {A B} (f : B -> option (list A)) xs l : gathered (map f xs) = Some l ->
  forall x, In x xs -> exists k, f x = Some k.
Proof.
  revert l. induction xs as [|x xs IH]; intros l H y; cbn [map gathered] in H; [contradiction|].
  destruct (f x) as [a|] eqn:F; [|discriminate]. destruct (gathered (map f xs)) as [b|] eqn:G; [|discriminate].
  intros [<-|Y]; [exists a; exact F|exact (IH b eq_refl y Y)].
Qed.

Lemma outcomes_sound height entries units : forallb (entry_b height) entries = true -> forall cols l,
  outcomes height entries units cols = Some l ->
  forall t, In t l <-> exists ws, last (run_tables height units ws cols) [] = t.
Proof.
  intros E. induction units as [|u units IH]; intros cols l H t; cbn [outcomes run_tables] in *.
  - injection H as <-. split; [intros [H|[]]; exists []; exact H|intros [_ H]; left; exact H].
  - destruct (lookup height entries (map (fun s => nth s cols []) u)) as [found|] eqn:L; [|discriminate].
    assert (S : forall c, In c found <-> exists w, has_table height (map (fun s => nth s cols []) u) w c)
      by (intros c; exact (lookup_sound _ _ _ _ c E L)). rewrite (gathered_spec _ _ _ H). split.
    + intros [c [k [C [K T]]]]. apply S in C as [w C]. apply unit_has in C. apply (IH _ _ K) in T as [ws T].
      exists (w :: ws). cbn [hd tl]. rewrite C. exact T.
    + intros [ws T]. set (c := unit_table height cols u (hd [] ws)) in T.
      assert (C : In c found) by (apply S; exists (hd [] ws); apply unit_has; reflexivity).
      pose proof (gathered_all _ _ _ H c C) as [k K]. exists c, k. split; [exact C|split; [exact K|]].
      apply (IH _ _ K). exists (tl ws). exact T.
Qed.

(* One shared weight: only its sign matters. *)
Lemma total_shared values u w :
  (0 <= w -> 0 <= total_of values u (map (fun _ => w) u)) /\
  (w < 0 -> total_of values u (map (fun _ => w) u) <= 0 /\
    (existsb (fun s => nth s values false) u = true -> total_of values u (map (fun _ => w) u) < 0) /\
    (existsb (fun s => nth s values false) u = false -> total_of values u (map (fun _ => w) u) = 0)).
Proof.
  induction u as [|s u [A B]]; cbn [map total_of existsb hd tl].
  - split; intros; [lra|split; [lra|split; [discriminate|reflexivity]]].
  - destruct (nth s values false); cbn [orb]; split; intros W.
    + specialize (A W). lra.
    + destruct (B W) as [C _]. split; [lra|split; [intros; lra|discriminate]].
    + specialize (A W). lra.
    + destruct (B W) as [C [D F]]. split; [lra|split; intros H; [specialize (D H)|specialize (F H)]; lra].
Qed.

Lemma run_shared (w : R) (negative : bool) units : (if negative then w < 0 else 0 <= w) -> forall values,
  run_units units (all_edges units w) values = fold_left (fun values u =>
    values ++ [if negative then negb (existsb (fun s => nth s values false) u) else true]) units values.
Proof.
  intros W. induction units as [|u units IH]; intros values; cbn [all_edges map run_units fold_left hd tl];
      [reflexivity|].
  change (map (map (fun _ => w)) units) with (all_edges units w). rewrite IH. f_equal. f_equal. f_equal.
  destruct (total_shared values u w) as [A B]. destruct negative.
  - destruct (B W) as [C [D F]]. destruct (existsb _ u); cbn [negb].
    + specialize (D eq_refl). destruct (Rle_dec 0 _); [lra|reflexivity].
    + specialize (F eq_refl). destruct (Rle_dec 0 _); [reflexivity|lra].
  - specialize (A W). destruct (Rle_dec 0 _); [reflexivity|lra].
Qed.

Lemma table_shared (w : R) (negative : bool) n units : (if negative then w < 0 else 0 <= w) ->
  table_of n units (all_edges units w) = at_sign negative n units.
Proof. intros W. unfold table_of, at_sign. apply map_ext. intros point. rewrite (run_shared w negative units W).
    reflexivity. Qed.

Theorem represents_sound n units free shared entries :
  represents_b n units free shared entries = true -> representsR n units free shared.
Proof.
  unfold represents_b. rewrite !andb_true_iff. intros [[[[[U E] Df] Ds] F] S].
  split; [apply distinct_sound, Df|split; [apply distinct_sound, Ds|]]. intros table. split.
  - destruct (outcomes (length (words n)) entries units (given n)) as [found|] eqn:O; [|discriminate].
    rewrite <- (same_set_spec _ _ table F), (outcomes_sound _ _ _ E _ _ O table).
    assert (N : units <> []) by (intros ->; discriminate U).
    split; intros [ws H]; exists ws; [rewrite table_last by exact N|rewrite <- table_last by exact N]; exact H.
  - rewrite <- (same_set_spec _ _ table S). split.
    + intros [H|[H|[]]]; [exists 0|exists (-1)]; (rewrite <- H; apply table_shared; lra).
    + intros [w H]. destruct (Rle_dec 0 w) as [W|W].
      * left. rewrite <- H. symmetry. apply (table_shared w false), W.
      * right. left. rewrite <- H. symmetry. apply (table_shared w true). lra.
Qed.
