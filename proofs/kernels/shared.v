(* Hand-written: networks whose connections all have one weight, for every number weight of a region. *)
Require Export topologies.
From Coq Require Import QArith Qreals.
Open Scope R_scope.

Inductive activation := Linear | Inverse | Abs | Relu | Step | Square.

Definition activate (f : activation) (z : R) : R :=
  match f with
  | Linear => z
  | Inverse => - z
  | Abs => Rabs z
  | Relu => Rmax 0 z
  | Step => if Rlt_dec 0 z then 1 else 0
  | Square => z * z
  end.

(* Values by number: the constant 1, the inputs, the nodes; a node is f (w * sum of its sources). *)
Definition network := list (activation * list nat).
Definition sources (values : list R) (from : list nat) : R := fold_right (fun s total => nth s values 0 + total) 0
    from.
Definition run_nodes (w : R) (nodes : network) (values : list R) : list R :=
  fold_left (fun values node => values ++ [activate (fst node) (w * sources values (snd node))]) nodes values.

(* The output is > 0 exactly on label 1. *)
Definition rightR (nodes : network) (out : nat) (w : R) (r : row) : Prop :=
  let value := nth out (run_nodes w nodes (1 :: map IZR (fst r))) 0 in if snd r then 0 < value else value <= 0.
Definition all_right (nodes : network) (out : nat) (rows : list row) (w : R) : Prop := Forall (rightR nodes out w)
    rows.

(* A number p/q, q > 0, as a pair. *)
Definition ratio (p : Z * Z) : Q := Qmake (fst p) (Z.to_pos (snd p)).
Definition number (p : Z * Z) : R := Q2R (ratio p).

(* All rows are right exactly where the answer is yes: below c, at c, and above c. *)
Definition exactlyR (nodes : network) (out : nat) (rows : list row) (c : Z * Z) (below_c at_c above_c : bool) :
    Prop :=
  forall w, (w < number c -> (all_right nodes out rows w <-> below_c = true)) /\
    (w = number c -> (all_right nodes out rows w <-> at_c = true)) /\
    (number c < w -> (all_right nodes out rows w <-> above_c = true)).
Definition everywhereR (nodes : network) (out : nat) (rows : list row) (low high : Z * Z) : Prop :=
  forall w, number low <= w <= number high -> all_right nodes out rows w.
Definition somewhere_wrongR (nodes : network) (out : nat) (rows : list row) (low high : Z * Z) : Prop :=
  exists w, number low <= w <= number high /\ ~ all_right nodes out rows w.

(* Values as polynomials in t > 0, the constant first; w = c + e t. *)
Definition poly := list Q.
Fixpoint at_t (p : poly) (t : R) : R := match p with [] => 0 | a :: p' => Q2R a + t * at_t p' t end.
Fixpoint plus_p (p q : poly) : poly :=
  match p, q with
  | a :: p', b :: q' => Qred (a + b) :: plus_p p' q'
  | [], _ => q
  | _, [] => p
  end.
Definition scale_p (k : Q) (p : poly) : poly := map (fun a => Qred (k * a)) p.
Fixpoint times_p (p q : poly) : poly :=
  match p with [] => [] | a :: p' => plus_p (scale_p a q) (0%Q :: times_p p' q) end.

Definition nonneg_p (p : poly) : bool := forallb (fun a => Z.leb 0 (Qnum a)) p.
Definition positive_p (p : poly) : bool := nonneg_p p && existsb (fun a => Z.ltb 0 (Qnum a)) p.
Definition negative_p (p : poly) : bool := positive_p (scale_p (-1) p).
Definition nonpos_p (p : poly) : bool := nonneg_p (scale_p (-1) p).

Definition activate_p (f : activation) (z : poly) : option poly :=
  match f with
  | Linear => Some z
  | Inverse => Some (scale_p (-1) z)
  | Square => Some (times_p z z)
  | Abs => if nonneg_p z then Some z else if nonpos_p z then Some (scale_p (-1) z) else None
  | Relu => if nonneg_p z then Some z else if nonpos_p z then Some [] else None
  | Step => if positive_p z then Some [1%Q] else if nonpos_p z then Some [] else None
  end.

Definition sources_p (values : list poly) (from : list nat) : poly := fold_right (fun s total => plus_p (nth s
    values []) total) [] from.
Fixpoint run_p (w : poly) (nodes : network) (values : list poly) : option (list poly) :=
  match nodes with
  | [] => Some values
  | (f, from) :: rest =>
      match activate_p f (times_p w (sources_p values from)) with
      | Some p => run_p w rest (values ++ [p])
      | None => None
      end
  end.

(* What the row's answer is in a region: right, wrong, or not seen. *)
Definition right_p (nodes : network) (out : nat) (w : poly) (r : row) : option bool :=
  match run_p w nodes ([1%Q] :: map (fun x => [inject_Z x]) (fst r)) with
  | Some values =>
      let value := nth out values [] in
      if positive_p value then Some (snd r) else if nonpos_p value then Some (negb (snd r)) else None
  | None => None
  end.

Definition region_b nodes out rows w (answer : bool) : bool :=
  if answer then forallb (fun r => match right_p nodes out w r with Some true => true | _ => false end) rows
  else existsb (fun r => match right_p nodes out w r with Some false => true | _ => false end) rows.

Definition exactly_b nodes out rows (c : Z * Z) (below_c at_c above_c : bool) : bool :=
  region_b nodes out rows [ratio c; (-1)%Q] below_c && region_b nodes out rows [ratio c] at_c &&
  region_b nodes out rows [ratio c; 1%Q] above_c.

Lemma plus_p_sound p q t : at_t (plus_p p q) t = at_t p t + at_t q t.
Proof.
  revert q. induction p as [|a p IH]; intros [|b q]; cbn [plus_p at_t]; try ring.
  rewrite IH, (Qeq_eqR _ _ (Qred_correct _)), Q2R_plus. ring.
Qed.

Lemma scale_p_sound k p t : at_t (scale_p k p) t = Q2R k * at_t p t.
Proof.
  induction p as [|a p IH]; cbn [scale_p map at_t]; [ring|]. fold (scale_p k p).
  rewrite IH, (Qeq_eqR _ _ (Qred_correct _)), Q2R_mult. ring.
Qed.

Lemma Q2R_0 : Q2R 0 = 0. Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_1 : Q2R 1 = 1. Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_m1 : Q2R (-1) = -1. Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_Z z : Q2R (inject_Z z) = IZR z. Proof. unfold Q2R, inject_Z. simpl. field. Qed.

Lemma times_p_sound p q t : at_t (times_p p q) t = at_t p t * at_t q t.
Proof.
  induction p as [|a p IH]; cbn [times_p at_t]; [ring|].
  rewrite plus_p_sound, scale_p_sound. cbn [at_t]. rewrite IH, Q2R_0. ring.
Qed.

Lemma sign_num a : (0 <= Qnum a)%Z -> 0 <= Q2R a.
Proof.
  intros H. unfold Q2R. apply Rmult_le_pos; [apply IZR_le, H|]. left. apply Rinv_0_lt_compat, IZR_lt. reflexivity.
Qed.

Lemma sign_num_pos a : (0 < Qnum a)%Z -> 0 < Q2R a.
Proof.
  intros H. unfold Q2R. apply Rmult_lt_0_compat; [apply IZR_lt, H|]. apply Rinv_0_lt_compat, IZR_lt. reflexivity.
Qed.

Lemma nonneg_p_sound p t : 0 < t -> nonneg_p p = true -> 0 <= at_t p t.
Proof.
  intros T. induction p as [|a p IH]; cbn [nonneg_p forallb at_t]; [lra|]. rewrite andb_true_iff, Z.leb_le. intros
      [A P].
  pose proof (sign_num a A). specialize (IH P). pose proof (Rmult_le_pos t _ (Rlt_le _ _ T) IH). lra.
Qed.

Lemma positive_p_sound p t : 0 < t -> positive_p p = true -> 0 < at_t p t.
Proof.
  intros T. unfold positive_p. induction p as [|a p IH]; cbn [nonneg_p forallb existsb at_t]; [discriminate|].
  rewrite !andb_true_iff, orb_true_iff, Z.leb_le, Z.ltb_lt. intros [[A P] [B|B]].
  - pose proof (sign_num_pos a B). pose proof (nonneg_p_sound p t T P) as N.
    pose proof (Rmult_le_pos t _ (Rlt_le _ _ T) N). lra.
  - pose proof (sign_num a A). assert (N : 0 < at_t p t) by (apply IH; rewrite andb_true_iff; split; [exact P|exact
      B]).
    pose proof (Rmult_lt_0_compat t _ T N). lra.
Qed.

Lemma nonpos_p_sound p t : 0 < t -> nonpos_p p = true -> at_t p t <= 0.
Proof. intros T H. apply (nonneg_p_sound _ t T) in H. rewrite scale_p_sound, Q2R_m1 in H. lra. Qed.

Lemma activate_p_sound f z p t : 0 < t -> activate_p f z = Some p -> activate f (at_t z t) = at_t p t.
Proof.
  intros T H. destruct f; cbn [activate_p activate] in *.
  - injection H as <-. reflexivity.
  - injection H as <-. rewrite scale_p_sound, Q2R_m1. ring.
  - destruct (nonneg_p z) eqn:N; [injection H as <-; apply Rabs_pos_eq, nonneg_p_sound; assumption|].
    destruct (nonpos_p z) eqn:P; [|discriminate]. injection H as <-. rewrite scale_p_sound, Q2R_m1.
    rewrite Rabs_left1; [ring|apply nonpos_p_sound; assumption].
  - destruct (nonneg_p z) eqn:N; [injection H as <-; apply Rmax_right, nonneg_p_sound; assumption|].
    destruct (nonpos_p z) eqn:P; [|discriminate]. injection H as <-. apply Rmax_left, nonpos_p_sound; assumption.
  - destruct (positive_p z) eqn:N.
    + injection H as <-. pose proof (positive_p_sound z t T N). destruct (Rlt_dec 0 _); [|lra].
      cbn [at_t]. rewrite Q2R_1. ring.
    + destruct (nonpos_p z) eqn:P; [|discriminate]. injection H as <-. pose proof (nonpos_p_sound z t T P).
      destruct (Rlt_dec 0 _); [lra|reflexivity].
  - injection H as <-. rewrite times_p_sound. reflexivity.
Qed.

Definition values_at (values : list poly) (t : R) : list R := map (fun p => at_t p t) values.

Lemma sources_p_sound values from t : at_t (sources_p values from) t = sources (values_at values t) from.
Proof.
  unfold sources_p, sources, values_at. induction from as [|s from IH]; cbn [fold_right]; [reflexivity|].
  rewrite plus_p_sound, IH. f_equal. symmetry. apply (map_nth (fun p => at_t p t) values [] s).
Qed.

Lemma run_p_sound w nodes t : 0 < t -> forall values found, run_p w nodes values = Some found ->
  run_nodes (at_t w t) nodes (values_at values t) = values_at found t.
Proof.
  intros T. induction nodes as [|[f from] nodes IH]; intros values found H; cbn [run_p] in H.
  - injection H as <-. reflexivity.
  - destruct (activate_p f _) as [p|] eqn:A; [|discriminate]. apply (activate_p_sound _ _ _ t T) in A.
    apply IH in H. unfold run_nodes in *. cbn [fold_left fst snd]. rewrite <- sources_p_sound, <- times_p_sound, A.
    rewrite <- H. unfold values_at. rewrite map_app. reflexivity.
Qed.

Lemma right_p_sound nodes out w r answer t : 0 < t -> right_p nodes out w r = Some answer ->
  (rightR nodes out (at_t w t) r <-> answer = true).
Proof.
  intros T. unfold right_p. destruct (run_p w nodes _) as [values|] eqn:E; [|discriminate].
  apply (run_p_sound w nodes t T) in E. unfold rightR.
  replace (1 :: map IZR (fst r)) with (values_at ([1%Q] :: map (fun x => [inject_Z x]) (fst r)) t).
  2:{ unfold values_at. cbn [map at_t]. rewrite Q2R_1, map_map. f_equal; [ring|]. apply map_ext. intros x.
      cbn [at_t]. rewrite Q2R_Z. ring. }
  rewrite E. unfold values_at. rewrite (map_nth (fun p => at_t p t) values [] out : nth out _ 0 = _).
  destruct (positive_p _) eqn:P.
  - apply (positive_p_sound _ t T) in P. intros H. injection H as <-. destruct (snd r); split; intros; try lra;
      congruence.
  - destruct (nonpos_p _) eqn:N; [|discriminate]. apply (nonpos_p_sound _ t T) in N. intros H. injection H as <-.
    destruct (snd r); cbn [negb]; split; intros; try lra; congruence.
Qed.

Lemma region_sound nodes out rows w answer t : 0 < t -> region_b nodes out rows w answer = true ->
  (all_right nodes out rows (at_t w t) <-> answer = true).
Proof.
  intros T. unfold region_b, all_right. rewrite Forall_forall. destruct answer.
  - rewrite forallb_forall. intros H. split; [reflexivity|]. intros _ r I. specialize (H r I).
    destruct (right_p nodes out w r) as [[|]|] eqn:E; try discriminate. apply (right_p_sound _ _ _ _ _ t T E).
        reflexivity.
  - rewrite existsb_exists. intros [r [I H]]. split; [|discriminate]. intros A. specialize (A r I).
    destruct (right_p nodes out w r) as [[|]|] eqn:E; try discriminate. apply (right_p_sound _ _ _ _ _ t T E) in A.
        exact A.
Qed.

Theorem exactly_sound nodes out rows c below_c at_c above_c :
  exactly_b nodes out rows c below_c at_c above_c = true -> exactlyR nodes out rows c below_c at_c above_c.
Proof.
  unfold exactly_b. rewrite !andb_true_iff. intros [[B A] C] w. split; [|split]; intros H.
  - replace w with (at_t [ratio c; (-1)%Q] (number c - w)).
    + apply region_sound; [lra|exact B].
    + cbn [at_t]. rewrite Q2R_m1. unfold number. ring.
  - replace w with (at_t [ratio c] 1).
    + apply region_sound; [lra|exact A].
    + cbn [at_t]. rewrite H. unfold number. ring.
  - replace w with (at_t [ratio c; 1%Q] (w - number c)).
    + apply region_sound; [lra|exact C].
    + cbn [at_t]. rewrite Q2R_1. unfold number. ring.
Qed.

Definition leq (p q : Z * Z) : bool := Qle_bool (ratio p) (ratio q).
Lemma leq_sound p q : leq p q = true -> number p <= number q.
Proof. intros H. apply Qle_Rle, Qle_bool_iff, H. Qed.
Lemma not_leq_sound p q : leq p q = false -> number q < number p.
Proof. intros H. apply Qlt_Rlt, Qnot_le_lt. intros N. apply Qle_bool_iff in N. unfold leq in H. congruence. Qed.

Definition everywhere_b nodes out rows low high c below_c at_c above_c : bool :=
  exactly_b nodes out rows c below_c at_c above_c && (below_c || leq c low) &&
  (at_c || negb (leq low c) || negb (leq c high)) && (above_c || leq high c).

Theorem everywhere_sound nodes out rows low high c below_c at_c above_c :
  everywhere_b nodes out rows low high c below_c at_c above_c = true -> everywhereR nodes out rows low high.
Proof.
  unfold everywhere_b. rewrite !andb_true_iff, !orb_true_iff, !negb_true_iff. intros [[[E B] A] C] w [L H].
  apply exactly_sound in E. destruct (E w) as [E1 [E2 E3]]. destruct (Rtotal_order w (number c)) as [T|[T|T]].
  - apply E1; [exact T|]. destruct B as [B|B]; [exact B|]. apply leq_sound in B. lra.
  - apply E2; [exact T|]. destruct A as [[A|A]|A]; [exact A| |]; apply not_leq_sound in A; lra.
  - apply E3; [exact T|]. destruct C as [C|C]; [exact C|]. apply leq_sound in C. lra.
Qed.

Definition somewhere_wrong_b nodes out rows low high (w : Z * Z) : bool :=
  leq low w && leq w high && region_b nodes out rows [ratio w] false.

Theorem somewhere_wrong_sound nodes out rows low high w :
  somewhere_wrong_b nodes out rows low high w = true -> somewhere_wrongR nodes out rows low high.
Proof.
  unfold somewhere_wrong_b. rewrite !andb_true_iff. intros [[L H] W]. exists (number w).
  split; [split; apply leq_sound; assumption|]. intros A.
  assert (E : number w = at_t [ratio w] 1) by (cbn [at_t]; unfold number; ring). rewrite E in A.
  apply (region_sound _ _ _ _ _ 1 ltac:(lra) W) in A. discriminate.
Qed.
