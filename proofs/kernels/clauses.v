(* Hand-written: so many hidden threshold units, with real weights, are too few; rows are data, and stay integers. *)
Require Export library.
From Coq Require Import Sorting.Permutation Sorting.Sorted.
Open Scope R_scope.

(* Too few hidden units: clauses on the units' outputs, each a refutation or following from others, down to the empty
    one. *)

Definition fires (den : Z) (u : weightsR) (x : list Z) : bool := if Rle_dec 0 (scoreR den u x) then true else false.
Definition outputsR (den : Z) (hidden : list weightsR) (skip : bool) (r : row) : row :=
  (map (fun u => if fires den u (fst r) then den else 0%Z) hidden ++ (if skip then fst r else []), snd r).

(* No network of so many hidden units computes the labels; with `skip`, the output unit reads the row too. *)
Definition too_fewR (den : Z) (rows : list row) (units : nat) (skip : bool) : Prop :=
  (0 < den)%Z /\ forall (hidden : list weightsR) (output : weightsR), length hidden = units ->
    ~ separatesR den (map (outputsR den hidden skip) rows) output.

Definition labelled (rows : list row) (column : list bool) : list row := combine (map fst rows) column.
Definition realised (den : Z) (rows : list row) (column : list bool) : Prop :=
  length column = length rows /\ exists u, separatesR den (labelled rows column) u.

Definition bit (column : list bool) (i : nat) : bool := nth i column false.
Definition weighted (den : Z) (pairs : list (list bool * R)) (i : nat) : R :=
  fold_right (fun p rest => (if bit (fst p) i then snd p * IZR den else 0) + rest) 0 pairs.
Definition direct (skip : bool) (r : row) : list Z := if skip then fst r else [].

(* The output's score in row i, the hidden outputs and their weights being `pairs`. *)
Definition computed (den : Z) (rows : list row) (skip : bool) (pairs : list (list bool * R)) (rest : list R) (b : R)
    : Prop :=
  forall i, (i < length rows)%nat -> let r := nth i rows ([], true) in
    let s := weighted den pairs i + dotR rest (direct skip r) + b * IZR den in
    if snd r then 0 <= s else s < 0.

Lemma weighted_cons den p pairs i :
  weighted den (p :: pairs) i = (if bit (fst p) i then snd p * IZR den else 0) + weighted den pairs i.
Proof. reflexivity. Qed.

Fixpoint pairs_of (den : Z) (rows : list row) (hidden : list weightsR) (w : list R) : list (list bool * R) :=
  match hidden with
  | [] => []
  | u :: rest => (map (fun r => fires den u (fst r)) rows, hd 0 w) :: pairs_of den rows rest (tl w)
  end.

Fixpoint later (n : nat) (w : list R) : list R :=
  match n with O => w | S m => later m (tl w) end.

Lemma dotR_cons w a x : dotR w (a :: x) = hd 0 w * IZR a + dotR (tl w) x.
Proof. destruct w as [|b w]; simpl; [destruct x; ring|reflexivity]. Qed.

Lemma nth_map_in {A B} (f : A -> B) l i d e : (i < length l)%nat -> nth i (map f l) e = f (nth i l d).
Proof. revert i. induction l as [|a l IH]; intros [|i] H; simpl in *; try lia; [reflexivity|apply IH; lia]. Qed.

Lemma bit_map {A} (f : A -> bool) l i d : (i < length l)%nat -> bit (map f l) i = f (nth i l d).
Proof. intros H. unfold bit. apply nth_map_in, H. Qed.

Lemma score_pairs den rows hidden w i tail : (i < length rows)%nat ->
  dotR w (map (fun u => if fires den u (fst (nth i rows ([], true))) then den else 0%Z) hidden ++ tail) =
  weighted den (pairs_of den rows hidden w) i + dotR (later (length hidden) w) tail.
Proof.
  intros H. revert w. induction hidden as [|u hidden IH]; intros w; cbn [map app pairs_of length later];
    [cbn; ring|]. rewrite dotR_cons, IH, weighted_cons. cbn [fst snd].
  rewrite (bit_map _ rows i ([], true)) by exact H. destruct (fires den u _); ring.
Qed.

Lemma own_column den rows u : realised den rows (map (fun r => fires den u (fst r)) rows).
Proof.
  split; [apply map_length|]. exists u. unfold separatesR, labelled.
  induction rows as [|s rows IH]; cbn [map combine]; constructor; [|exact IH].
  cbn [fst snd]. unfold fires. destruct (Rle_dec 0 _); [assumption|lra].
Qed.

Lemma columns_own den rows hidden w : Forall (fun p => realised den rows (fst p)) (pairs_of den rows hidden w).
Proof. revert w. induction hidden as [|u hidden IH]; intros w; constructor; [apply own_column|apply IH]. Qed.

Lemma pairs_length den rows hidden w : length (pairs_of den rows hidden w) = length hidden.
Proof. revert w. induction hidden; intros w; simpl; [reflexivity|]. rewrite IHhidden. reflexivity. Qed.

Lemma to_pairs den rows skip hidden output :
  separatesR den (map (outputsR den hidden skip) rows) output ->
  computed den rows skip (pairs_of den rows hidden (fst output)) (later (length hidden) (fst output)) (snd output).
Proof.
  unfold separatesR, computed. rewrite Forall_forall. intros H i L.
  assert (I : In (outputsR den hidden skip (nth i rows ([], true))) (map (outputsR den hidden skip) rows))
    by (apply in_map, nth_In, L).
  specialize (H _ I). unfold scoreR, outputsR in H. cbn [fst snd] in H. rewrite score_pairs in H by exact L. exact H.
Qed.

(* A column may be exchanged for its complement: with weights moved by less than its least distance from 0. *)

Lemma gap den rows u : exists e, 0 < e /\
  Forall (fun r : row => snd r = false -> scoreR den u (fst r) < 0 -> scoreR den u (fst r) <= - e) rows.
Proof.
  induction rows as [|r rows [e [He H]]]; [exists 1; split; [lra|constructor]|].
  destruct (Rlt_dec (scoreR den u (fst r)) 0) as [L|L].
  - exists (Rmin e (- scoreR den u (fst r))). split; [apply Rmin_glb_lt; lra|].
    pose proof (Rmin_l e (- scoreR den u (fst r))). pose proof (Rmin_r e (- scoreR den u (fst r))).
    constructor; [intros; lra|]. eapply Forall_impl; [|exact H]. intros s Hs F N. specialize (Hs F N). lra.
  - exists e. split; [exact He|]. constructor; [intros; lra|exact H].
Qed.

Lemma dotR_opp w x : dotR (map Ropp w) x = - dotR w x.
Proof. revert x. induction w as [|a w IH]; intros [|b x]; simpl; rewrite ?IH; ring. Qed.

Lemma labelled_negb rows column : labelled rows (map negb column) = map (fun r : row => (fst r, negb (snd r)))
    (labelled rows column).
Proof.
  unfold labelled. revert column. induction (map fst rows) as [|x xs IH]; intros [|c column]; simpl; try reflexivity.
  rewrite IH. reflexivity.
Qed.

Lemma complement den rows column : (0 < den)%Z -> realised den rows column -> realised den rows (map negb column).
Proof.
  intros Hd [L [u H]]. split; [rewrite map_length; exact L|].
  destruct (gap den (labelled rows column) u) as [e [He G]].
  assert (D : 0 < IZR den) by (apply IZR_lt; exact Hd).
  exists (map Ropp (fst u), - snd u - e / IZR den). rewrite labelled_negb. unfold separatesR in *.
  apply Forall_map. rewrite Forall_forall in *. intros r Hr. specialize (H r Hr). specialize (G r Hr).
  unfold scoreR in *. cbn [fst snd]. rewrite dotR_opp.
  assert (E : (- snd u - e / IZR den) * IZR den = - (snd u * IZR den) - e) by (field; lra).
  rewrite E. destruct (snd r); cbn [negb]; [lra|]. specialize (G eq_refl H). lra.
Qed.

(* Every column 0 in the first row. *)
Definition flip (p : list bool * R) : list bool * R := if bit (fst p) 0 then (map negb (fst p), - snd p) else p.
Definition moved (p : list bool * R) : R := if bit (fst p) 0 then snd p else 0.

Lemma weighted_flip den pairs i n : Forall (fun p => length (fst p) = n) pairs -> (i < n)%nat ->
  weighted den pairs i = weighted den (map flip pairs) i + fold_right Rplus 0 (map moved pairs) * IZR den.
Proof.
  intros H L. induction H as [|p pairs Hp H IH]; [cbn; ring|]. cbn [map fold_right].
  rewrite !weighted_cons, IH. destruct (bit (fst p) 0) eqn:E.
  - replace (flip p) with (map negb (fst p), - snd p) by (unfold flip; rewrite E; reflexivity).
    replace (moved p) with (snd p) by (unfold moved; rewrite E; reflexivity). cbn [fst snd].
    rewrite (bit_map negb (fst p) i false) by lia. unfold bit. destruct (nth i (fst p) false); cbn [negb]; ring.
  - replace (flip p) with p by (unfold flip; rewrite E; reflexivity).
    replace (moved p) with 0 by (unfold moved; rewrite E; reflexivity). ring.
Qed.

(* Columns in lexicographic order. *)
Fixpoint below (c d : list bool) : bool :=
  match c, d with
  | a :: c', b :: d' => if Bool.eqb a b then below c' d' else b
  | [], _ => true
  | _, [] => false
  end.

Lemma below_total c d : below c d = false -> below d c = true.
Proof.
  revert d. induction c as [|a c IH]; intros [|b d]; simpl; try discriminate; [reflexivity|].
  destruct a, b; simpl; try discriminate; try reflexivity; apply IH.
Qed.

Fixpoint insert (p : list bool * R) (l : list (list bool * R)) : list (list bool * R) :=
  match l with
  | [] => [p]
  | q :: l' => if below (fst p) (fst q) then p :: l else q :: insert p l'
  end.

Definition ordered := LocallySorted (fun p q : list bool * R => below (fst p) (fst q) = true).

Lemma insert_permutation p l : Permutation (p :: l) (insert p l).
Proof.
  induction l as [|q l IH]; simpl; [reflexivity|]. destruct (below (fst p) (fst q)); [reflexivity|].
  rewrite perm_swap. apply perm_skip, IH.
Qed.

Lemma insert_ordered p l : ordered l -> ordered (insert p l).
Proof.
  induction 1 as [|q|q r l S IH Q]; simpl; [constructor| |].
  - destruct (below (fst p) (fst q)) eqn:E; repeat constructor; try exact E. apply below_total, E.
  - destruct (below (fst p) (fst q)) eqn:E; [repeat constructor; assumption|]. simpl in IH.
    destruct (below (fst p) (fst r)) eqn:F; constructor; try exact IH; [apply below_total, E|exact Q].
Qed.

Lemma sorted_exists l : exists k, Permutation l k /\ ordered k.
Proof.
  induction l as [|p l [k [P S]]]; [exists []; split; [constructor|constructor]|].
  exists (insert p k). split; [rewrite <- insert_permutation; apply perm_skip, P|apply insert_ordered, S].
Qed.

Lemma weighted_permutation den l k i : Permutation l k -> weighted den l i = weighted den k i.
Proof.
  induction 1 as [|p l k P IH|p q l|l k m P IH Q JH]; rewrite ?weighted_cons; [reflexivity| | |].
  - rewrite IH. reflexivity.
  - ring.
  - rewrite IH. exact JH.
Qed.

Record model (den : Z) (rows : list row) (skip : bool) (units : nat) (pairs : list (list bool * R)) (rest : list R)
    (b : R) : Prop := {
  model_units : length pairs = units;
  model_realised : Forall (fun p => realised den rows (fst p)) pairs;
  model_first : Forall (fun p => bit (fst p) 0 = false) pairs;
  model_ordered : ordered pairs;
  model_computed : computed den rows skip pairs rest b
}.

Lemma model_exists den rows skip hidden output :
  (0 < den)%Z -> separatesR den (map (outputsR den hidden skip) rows) output ->
  exists pairs rest b, model den rows skip (length hidden) pairs rest b.
Proof.
  intros Hd H. apply to_pairs in H. pose proof (columns_own den rows hidden (fst output)) as Own.
  pose proof (pairs_length den rows hidden (fst output)) as N.
  set (pairs := pairs_of den rows hidden (fst output)) in *.
  destruct (sorted_exists (map flip pairs)) as [k [P S]].
  exists k, (later (length hidden) (fst output)), (snd output + fold_right Rplus 0 (map moved pairs)).
  assert (F : Forall (fun p => realised den rows (fst p)) (map flip pairs)).
  { apply Forall_map. eapply Forall_impl; [|exact Own]. intros p Hp. unfold flip.
    destruct (bit (fst p) 0); [apply complement; assumption|exact Hp]. }
  assert (Z0 : Forall (fun p : list bool * R => bit (fst p) 0 = false) (map flip pairs)).
  { apply Forall_map. apply Forall_forall. intros p _. unfold flip. destruct (bit (fst p) 0) eqn:E; [|exact E].
    unfold bit in *. cbn [fst]. destruct (fst p) as [|a c]; [discriminate|]. cbn in E |- *. rewrite E. reflexivity. }
  split.
  - rewrite <- (Permutation_length P), map_length. exact N.
  - rewrite <- P. exact F.
  - rewrite <- P. exact Z0.
  - exact S.
  - intros i L. specialize (H i L). cbv zeta in *.
    rewrite (weighted_flip den pairs i (length rows)) in H; [|eapply Forall_impl; [|exact Own]; intros p [Hp _];
        exact Hp|exact L].
    rewrite (weighted_permutation den _ k i P) in H.
    replace (weighted den k i + dotR (later (length hidden) (fst output)) (direct skip (nth i rows ([], true))) +
      (snd output + fold_right Rplus 0 (map moved pairs)) * IZR den) with
      (weighted den k i + fold_right Rplus 0 (map moved pairs) * IZR den +
      dotR (later (length hidden) (fst output)) (direct skip (nth i rows ([], true))) + snd output * IZR den) by ring.
    exact H.
Qed.

(* Literals as in the certificates: unit * rows + row + 1, negative where the unit is to be 0. *)
Open Scope Z_scope.

Inductive rule :=
  | First
  | Order (unit last : nat)
  | Unit (multipliers : list Z)
  | Output (chosen : list (nat * Z))
  | Resolve (earlier : list nat).

Definition member_of (l : Z) (clause : list Z) : bool := existsb (Z.eqb l) clause.
Definition literal (n j i : nat) : Z := Z.of_nat (j * n + i) + 1.
Definition unit_of (n : nat) (l : Z) : nat := Z.to_nat ((Z.abs l - 1) / Z.of_nat n).
Definition row_of (n : nat) (l : Z) : nat := Z.to_nat ((Z.abs l - 1) mod Z.of_nat n).

(* What denying the clause says of a unit's output at a row. *)
Definition denied (n : nat) (clause : list Z) (j i : nat) : option bool :=
  if member_of (- literal n j i) clause then Some true
  else if member_of (literal n j i) clause then Some false else None.

Fixpoint propagates (others : list (list Z)) (false_ones : list Z) : bool :=
  match others with
  | [] => false
  | other :: rest =>
      match filter (fun l => negb (member_of l false_ones)) other with
      | [] => true
      | [l] => negb (l =? 0) && propagates rest (- l :: false_ones)
      | _ => false
      end
  end.

Fixpoint taken (known : list (list Z)) (earlier : list nat) : option (list (list Z)) :=
  match earlier with
  | [] => Some []
  | k :: rest =>
      match nth_error known k, taken known rest with
      | Some clause, Some others => Some (clause :: others)
      | _, _ => None
      end
  end.

Definition is_some (v : option bool) : bool := match v with Some _ => true | None => false end.
Definition is_true (v : option bool) : bool := match v with Some b => b | None => false end.
Definition same (v w : option bool) : bool :=
  match v, w with Some a, Some b => Bool.eqb a b | _, _ => false end.

Definition seen (den : Z) (rows : list row) (units : nat) (skip : bool) (clause : list Z) (i : nat) : row :=
  let r := nth i rows ([], true) in
  (map (fun j => if is_true (denied (length rows) clause j i) then den else 0) (seq 0 units) ++ direct skip r, snd r).

Definition follows den (rows : list row) units skip (known : list (list Z)) (clause : list Z) (by_rule : rule) : bool
    :=
  let n := length rows in
  match by_rule with
  | First => match clause with [l] => (l <? 0) && Nat.eqb (row_of n l) 0 | _ => false end
  | Order j k =>
      Nat.ltb (S j) units && Nat.ltb k n && Nat.ltb 0 k &&
      forallb (fun i => same (denied n clause j i) (denied n clause (S j) i)) (seq 1 (k - 1)) &&
      same (denied n clause j k) (Some true) && same (denied n clause (S j) k) (Some false)
  | Unit multipliers =>
      let j := unit_of n (hd 0 clause) in
      Nat.ltb j units && Nat.ltb 0 n && forallb (fun l => negb (l =? 0) && Nat.eqb (unit_of n l) j) clause &&
      farkas_b den (map (fun l => (fst (nth (row_of n l) rows ([], true)), l <? 0)) clause) multipliers
  | Output chosen =>
      forallb (fun p : nat * Z => Nat.ltb (fst p) n &&
        forallb (fun j => is_some (denied n clause j (fst p))) (seq 0 units)) chosen &&
      farkas_b den (map (fun p => seen den rows units skip clause (fst p)) chosen) (map snd chosen)
  | Resolve earlier => match taken known earlier with Some others => propagates others clause | None => false end
  end.

Fixpoint derives den rows units skip (known : list (list Z)) (steps : list (list Z * rule)) : bool :=
  match steps with
  | [] => existsb (fun clause => match clause with [] => true | _ => false end) known
  | (clause, by_rule) :: rest =>
      follows den rows units skip known clause by_rule && derives den rows units skip (known ++ [clause]) rest
  end.

Definition too_few_b den rows units skip steps : bool := (0 <? den) && derives den rows units skip [] steps.

(* The truth of literals where the units' outputs are these columns of n entries. *)
Definition column (cols : list (list bool)) (j : nat) : list bool := nth j cols [].
Definition value (n : nat) (cols : list (list bool)) (v : Z) : bool :=
  bit (column cols (Z.to_nat (v / Z.of_nat n))) (Z.to_nat (v mod Z.of_nat n)).
Definition holds (n : nat) (cols : list (list bool)) (l : Z) : bool :=
  if 0 <? l then value n cols (l - 1) else negb (value n cols (- l - 1)).

Lemma holds_opp n cols l : l <> 0 -> holds n cols (- l) = negb (holds n cols l).
Proof.
  intros H. unfold holds. destruct (Z.ltb_spec 0 l), (Z.ltb_spec 0 (- l)); try lia.
  - rewrite Z.opp_involutive. reflexivity.
  - rewrite negb_involutive. reflexivity.
Qed.

Lemma value_at n cols j i : (i < n)%nat -> value n cols (Z.of_nat (j * n + i)) = bit (column cols j) i.
Proof.
  intros H. unfold value. rewrite Nat2Z.inj_add, Nat2Z.inj_mul.
  rewrite Z.div_add_l, Z.div_small, Z.add_0_r, Nat2Z.id by lia.
  rewrite Z.add_comm, Z.mod_add, Z.mod_small, Nat2Z.id by lia. reflexivity.
Qed.

Lemma false_in n cols clause l : existsb (holds n cols) clause = false -> member_of l clause = true -> holds n cols l
    = false.
Proof.
  intros H I. unfold member_of in I. apply existsb_exists in I as [k [I E]]. apply Z.eqb_eq in E. subst k.
  destruct (holds n cols l) eqn:T; [|reflexivity].
  assert (existsb (holds n cols) clause = true) by (apply existsb_exists; exists l; split; assumption). congruence.
Qed.

Lemma denied_sound n cols clause j i v :
  existsb (holds n cols) clause = false -> (i < n)%nat -> denied n clause j i = Some v -> bit (column cols j) i = v.
Proof.
  intros H L. unfold denied. destruct (member_of (- literal n j i) clause) eqn:P.
  - intros E. injection E as <-. apply (false_in _ _ _ _ H) in P. unfold literal in P.
    rewrite holds_opp in P by lia. apply negb_false_iff in P. unfold holds in P.
    destruct (Z.ltb_spec 0 (Z.of_nat (j * n + i) + 1)); [|lia].
    rewrite Z.add_simpl_r, value_at in P by exact L. exact P.
  - destruct (member_of (literal n j i) clause) eqn:Q; [|discriminate].
    intros E. injection E as <-. apply (false_in _ _ _ _ H) in Q. unfold literal, holds in Q.
    destruct (Z.ltb_spec 0 (Z.of_nat (j * n + i) + 1)); [|lia].
    rewrite Z.add_simpl_r, value_at in Q by exact L. exact Q.
Qed.

Lemma holds_at n cols l : l <> 0 -> (0 < n)%nat -> holds n cols l = Bool.eqb (0 <? l) (bit (column cols (unit_of n
    l)) (row_of n l)).
Proof.
  intros H L. unfold holds, value, unit_of, row_of. destruct (Z.ltb_spec 0 l).
  - rewrite Z.abs_eq by lia. destruct (bit _ _); reflexivity.
  - rewrite Z.abs_neq by lia. destruct (bit _ _); reflexivity.
Qed.

Lemma propagates_sound n cols others false_ones :
  Forall (fun clause => existsb (holds n cols) clause = true) others -> existsb (holds n cols) false_ones = false ->
  propagates others false_ones = true -> False.
Proof.
  intros H. revert false_ones. induction H as [|other others Ho H IH]; intros false_ones F; cbn [propagates];
      [discriminate|].
  apply existsb_exists in Ho as [l [I T]].
  assert (K : In l (filter (fun l => negb (member_of l false_ones)) other)).
  { apply filter_In. split; [exact I|]. destruct (member_of l false_ones) eqn:E; [|reflexivity].
    apply (false_in _ _ _ _ F) in E. congruence. }
  destruct (filter _ other) as [|k [|]]; [contradiction| |discriminate].
  destruct K as [->|[]]. rewrite andb_true_iff. intros [N P]. apply negb_true_iff, Z.eqb_neq in N.
  refine (IH _ _ P). cbn [existsb]. rewrite F, holds_opp, T by exact N. reflexivity.
Qed.

Lemma taken_sound n cols known earlier others :
  Forall (fun clause => existsb (holds n cols) clause = true) known -> taken known earlier = Some others ->
  Forall (fun clause => existsb (holds n cols) clause = true) others.
Proof.
  intros H. revert others. induction earlier as [|k earlier IH]; cbn [taken]; intros others E.
  - injection E as <-. constructor.
  - destruct (nth_error known k) as [clause|] eqn:K; [|discriminate].
    destruct (taken known earlier) as [l|]; [|discriminate]. injection E as <-. constructor; [|apply IH; reflexivity].
    apply nth_error_In in K. rewrite Forall_forall in H. apply H, K.
Qed.

Lemma column_realised den rows skip units pairs rest b j :
  model den rows skip units pairs rest b -> (j < units)%nat -> realised den rows (column (map fst pairs) j).
Proof.
  intros M L. pose proof (model_realised _ _ _ _ _ _ _ M) as H. rewrite <- (model_units _ _ _ _ _ _ _ M) in L.
  rewrite Forall_forall in H. unfold column. rewrite (nth_map_in fst pairs j ([], 0%R)) by exact L. apply H, nth_In,
      L.
Qed.

Lemma column_first den rows skip units pairs rest b j : model den rows skip units pairs rest b -> bit (column (map
    fst pairs) j) 0 = false.
Proof.
  intros M.  unfold column. destruct (Nat.lt_ge_cases j (length pairs)) as [L|L].
  - pose proof (model_first _ _ _ _ _ _ _ M) as H. rewrite Forall_forall in H.
    rewrite (nth_map_in fst pairs j ([], 0%R)) by exact L. apply H, nth_In, L.
  - rewrite nth_overflow by (rewrite map_length; exact L). reflexivity.
Qed.

Lemma column_below den rows skip units pairs rest b j : model den rows skip units pairs rest b -> (S j < units)%nat ->
  below (column (map fst pairs) j) (column (map fst pairs) (S j)) = true.
Proof.
  intros M L. rewrite <- (model_units _ _ _ _ _ _ _ M) in L. pose proof (model_ordered _ _ _ _ _ _ _ M) as H.
  unfold column. clear M. revert j L. induction H as [|p|p q l S IH P]; intros j L; cbn [length] in L; try lia.
  destruct j as [|j]; [exact P|]. apply (IH j). cbn [length]. lia.
Qed.

Lemma below_bits c d k :
  below c d = true -> (k < length c)%nat -> (k < length d)%nat -> (forall i, (i < k)%nat -> bit c i = bit d i) ->
  bit c k = true -> bit d k = true.
Proof.
  revert d k. induction c as [|a c IH]; intros [|e d] [|k] B Lc Ld H T; simpl in *; try lia.
  - unfold bit in *. simpl in *. subst a. destruct e; [reflexivity|discriminate].
  - assert (E : a = e) by (apply (H 0%nat); lia). subst e. rewrite Bool.eqb_reflx in B.
    apply (IH d k B); try lia; [|exact T]. intros i L. apply (H (S i)). lia.
Qed.

Lemma labelled_in (l : list (list Z)) c i : length c = length l -> (i < length l)%nat -> In (nth i l [], bit c i)
    (combine l c).
Proof.
  revert c i. induction l as [|x l IH]; intros [|a c] [|i] E L; simpl in *; try lia; [left; reflexivity|].
  right. change (bit (a :: c) (S i)) with (bit c i). apply IH; lia.
Qed.

Lemma dotR_units den rows skip ps i tail :
  dotR (map snd ps ++ tail) (map (fun p : list bool * R => if bit (fst p) i then den else 0) ps ++ direct skip (nth i
      rows ([], true))) =
  (weighted den ps i + dotR tail (direct skip (nth i rows ([], true))))%R.
Proof.
  induction ps as [|p ps IH]; cbn [map app]; [cbn; ring|]. rewrite weighted_cons. cbn [dotR]. rewrite IH.
  destruct (bit (fst p) i); cbn; ring.
Qed.

Lemma columns_seq {A} (f : list bool -> A) k ps :
  map (fun j => f (nth (j - k) (map fst ps) [])) (seq k (length ps)) = map (fun p : list bool * R => f (fst p)) ps.
Proof.
  revert k. induction ps as [|p ps IH]; intros k; cbn [length seq map]; [reflexivity|].
  rewrite Nat.sub_diag. cbn [nth]. f_equal. rewrite <- (IH (S k)). apply map_ext_in. intros j H. apply in_seq in H.
  replace (j - k)%nat with (S (j - S k)) by lia. reflexivity.
Qed.

Lemma follows_sound den rows skip units pairs rest b known clause by_rule :
  let n := length rows in let cols := map fst pairs in
  model den rows skip units pairs rest b -> 0 < den -> Forall (fun c => existsb (holds n cols) c = true) known ->
  follows den rows units skip known clause by_rule = true -> existsb (holds n cols) clause = true.
Proof.
  intros n cols M Hd K F. destruct (existsb (holds n cols) clause) eqn:E; [reflexivity|exfalso]. unfold follows in F.
      fold n in F.
  destruct by_rule as [|j k|multipliers|chosen|earlier].
  - destruct clause as [|l [|]]; try discriminate. apply andb_true_iff in F as [N Z0].
    apply Z.ltb_lt in N. apply Nat.eqb_eq in Z0. cbn [existsb] in E. rewrite orb_false_r in E.
    unfold holds, value in E. destruct (Z.ltb_spec 0 l); [lia|]. unfold row_of in Z0. rewrite Z.abs_neq in Z0 by lia.
    rewrite Z0, (column_first _ _ _ _ _ _ _ _ M) in E. discriminate.
  - rewrite !andb_true_iff in F. destruct F as [[[[[U Lk] P] A] T] B].
    apply Nat.ltb_lt in U, Lk, P. rewrite forallb_forall in A.
    assert (Eq : forall i, (i < k)%nat -> bit (column cols j) i = bit (column cols (S j)) i).
    { intros [|i] L; [unfold cols; rewrite !(column_first _ _ _ _ _ _ _ _ M); reflexivity|].
      assert (I : In (S i) (seq 1 (k - 1))) by (apply in_seq; lia). specialize (A _ I). unfold same in A.
      destruct (denied n clause j (S i)) as [v|] eqn:D1; [|discriminate].
      destruct (denied n clause (S j) (S i)) as [w|] eqn:D2; [|discriminate].
      apply (denied_sound _ _ _ _ _ _ E) in D1, D2; try lia. apply Bool.eqb_prop in A. congruence. }
    unfold same in T, B. destruct (denied n clause j k) as [[|]|] eqn:D1; try discriminate.
    destruct (denied n clause (S j) k) as [[|]|] eqn:D2; try discriminate.
    apply (denied_sound _ _ _ _ _ _ E) in D1, D2; try exact Lk.
    pose proof (column_realised _ _ _ _ _ _ _ j M ltac:(lia)) as [L1 _]. pose proof (column_realised _ _ _ _ _ _ _ (S
        j) M U) as [L2 _].
    assert (K1 : (k < length (column cols j))%nat) by (unfold cols; rewrite L1; exact Lk).
    assert (K2 : (k < length (column cols (S j)))%nat) by (unfold cols; rewrite L2; exact Lk).
    pose proof (below_bits (column cols j) (column cols (S j)) k (column_below _ _ _ _ _ _ _ j M U) K1 K2 Eq D1).
        congruence.
  - rewrite !andb_true_iff in F. destruct F as [[[U P] A] Fk]. apply Nat.ltb_lt in U, P.
    destruct (column_realised _ _ _ _ _ _ _ _ M U) as [L [u H]]. apply (proj2 (farkas_soundR _ _ _ Fk) u).
    apply Forall_map, Forall_forall. intros l I. rewrite forallb_forall in A. specialize (A l I).
    apply andb_true_iff in A as [N J]. apply negb_true_iff, Z.eqb_neq in N. apply Nat.eqb_eq in J. cbn [fst snd].
    assert (T : holds n cols l = false) by (apply (false_in n cols clause); [exact E|apply existsb_exists; exists l;
        split; [exact I|apply Z.eqb_refl]]).
    rewrite holds_at in T by assumption. rewrite J in T.
    assert (Rn : (row_of n l < length rows)%nat).
    { unfold row_of. pose proof (Z.mod_pos_bound (Z.abs l - 1) (Z.of_nat n)). fold n. lia. }
    unfold separatesR in H. rewrite Forall_forall in H.
    pose proof (labelled_in (map fst rows) (column cols (unit_of n (hd 0 clause))) (row_of n l)) as In_.
    rewrite map_length in In_. specialize (H _ (In_ L Rn)). cbn [fst snd] in H.
    rewrite (nth_map_in fst rows (row_of n l) ([], true)) in H by exact Rn.
    replace (l <? 0) with (bit (column cols (unit_of n (hd 0 clause))) (row_of n l)); [exact H|].
    destruct (Z.ltb_spec 0 l), (Z.ltb_spec l 0), (bit _ _); try lia; try discriminate; reflexivity.
  - apply andb_true_iff in F as [A Fk]. rewrite forallb_forall in A.
    apply (proj2 (farkas_soundR _ _ _ Fk) (map snd pairs ++ rest, b)).
    apply Forall_map, Forall_forall. intros [i m] I. specialize (A _ I). cbn [fst] in *.
    apply andb_true_iff in A as [L A]. apply Nat.ltb_lt in L. rewrite forallb_forall in A.
    unfold seen, scoreR. cbn [fst snd]. fold n.
    assert (S : map (fun j => if is_true (denied n clause j i) then den else 0) (seq 0 units) =
      map (fun p : list bool * R => if bit (fst p) i then den else 0) pairs).
    { rewrite <- (model_units _ _ _ _ _ _ _ M) in *.
      rewrite <- (columns_seq (fun c => if bit c i then den else 0) 0 pairs). apply map_ext_in. intros j J.
      specialize (A j J). unfold is_some in A. destruct (denied n clause j i) as [v|] eqn:D; [|discriminate].
      apply (denied_sound _ _ _ _ _ _ E L) in D. cbn [is_true]. rewrite Nat.sub_0_r. unfold column, cols in D.
          rewrite D. reflexivity. }
    rewrite S. cbv zeta.
    match goal with |- context [dotR ?w ?x] => replace (dotR w x) with
      (weighted den pairs i + dotR rest (direct skip (nth i rows ([], true))))%R by (symmetry; apply dotR_units) end.
    exact (model_computed _ _ _ _ _ _ _ M i L).
  - destruct (taken known earlier) as [others|] eqn:T; [|discriminate].
    exact (propagates_sound _ _ others clause (taken_sound _ _ _ _ _ K T) E F).
Qed.

Lemma derives_sound den rows skip units pairs rest b steps known :
  let n := length rows in let cols := map fst pairs in
  model den rows skip units pairs rest b -> 0 < den -> Forall (fun c => existsb (holds n cols) c = true) known ->
      derives den rows units skip known steps = true -> False.
Proof.
  intros n cols M Hd. revert known. induction steps as [|[clause by_rule] steps IH]; intros known K; cbn [derives].
  - intros H. apply existsb_exists in H as [c [I C]]. rewrite Forall_forall in K. specialize (K c I).
    destruct c; [discriminate|discriminate].
  - rewrite andb_true_iff. intros [F D]. refine (IH _ _ D). apply Forall_app. split; [exact K|].
    constructor; [apply (follows_sound _ _ _ _ _ _ _ known clause by_rule M Hd K F)|constructor].
Qed.

Theorem too_few_sound den rows units skip steps :
  too_few_b den rows units skip steps = true -> too_fewR den rows units skip.
Proof.
  unfold too_few_b. rewrite andb_true_iff. intros [Hd H]. apply Z.ltb_lt in Hd. split; [exact Hd|].
  intros hidden output L S. destruct (model_exists den rows skip hidden output Hd S) as [pairs [rest [b M]]].
  rewrite L in M. exact (derives_sound den rows skip units pairs rest b steps [] M Hd (Forall_nil _) H).
Qed.

(* The numbers of a step, written as integers. *)
Definition order (unit last : Z) : rule := Order (Z.to_nat unit) (Z.to_nat last).
Definition output (chosen : list (Z * Z)) : rule := Output (map (fun p => (Z.to_nat (fst p), snd p)) chosen).
Definition resolve (earlier : list Z) : rule := Resolve (map Z.to_nat earlier).
