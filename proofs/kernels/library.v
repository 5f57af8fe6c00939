(* Hand-written: finite sums, updated arrays, their derivatives, and tactics that the short proofs use. *)
From Coq Require Export Reals Lra Lia ZArith List FunctionalExtensionality.
From Coquelicot Require Export Coquelicot.
Require Export integers.
Open Scope R_scope.

(* Sums over the numbers below n. *)

Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => sum m f + f m
  end.

Definition delta (i j : nat) : R := if Nat.eqb i j then 1 else 0.
Definition upd1 (a : nat -> R) (i : nat) (t : R) : nat -> R :=
  fun k => if Nat.eqb k i then t else a k.
Definition upd2 (a : nat -> nat -> R) (i j : nat) (t : R) : nat -> nat -> R :=
  fun k => if Nat.eqb k i then upd1 (a k) j t else a k.
Definition upd3 (a : nat -> nat -> nat -> R) (i j k : nat) (t : R) : nat -> nat -> nat -> R :=
  fun l => if Nat.eqb l i then upd2 (a l) j k t else a l.

Definition inv_pow (x : R) (k : nat) : R := / x ^ k.
Definition inv_sqrt (x : R) : R := / sqrt x.
Definition sigmoid (x : R) : R := / (1 + exp (- x)).
Definition softplus (x : R) : R := ln (1 + exp x).

Definition positive0 (a : R) : Prop := 0 < a.
Definition positive1 (n : nat) (a : nat -> R) : Prop := forall i, (i < n)%nat -> 0 < a i.
Definition positive2 (n m : nat) (a : nat -> nat -> R) : Prop :=
  forall i j, (i < n)%nat -> (j < m)%nat -> 0 < a i j.
Definition nonzero0 (a : R) : Prop := a <> 0.
Definition nonzero1 (n : nat) (a : nat -> R) : Prop := forall i, (i < n)%nat -> a i <> 0.
Definition nonzero2 (n m : nat) (a : nat -> nat -> R) : Prop :=
  forall i j, (i < n)%nat -> (j < m)%nat -> a i j <> 0.
Definition simplex1 (n : nat) (a : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> 0 <= a i) /\ sum n a = 1.
Definition simplex2 (n m : nat) (a : nat -> nat -> R) : Prop :=
  forall i, (i < n)%nat -> simplex1 m (a i).
Definition onehot1 (n : nat) (a : nat -> R) : Prop :=
  (forall i, (i < n)%nat -> a i = 0 \/ a i = 1) /\ sum n a = 1.
Definition onehot2 (n m : nat) (a : nat -> nat -> R) : Prop :=
  forall i, (i < n)%nat -> onehot1 m (a i).

Lemma sum_ext n f g : (forall k, (k < n)%nat -> f k = g k) -> sum n f = sum n g.
Proof.
  induction n as [|n IH]; simpl; intros H; [reflexivity|].
  rewrite IH, H; auto.
Qed.

Lemma sum_zero n f : (forall k, (k < n)%nat -> f k = 0) -> sum n f = 0.
Proof. induction n as [|n IH]; simpl; intros H; [reflexivity|]. rewrite IH, H; auto; ring. Qed.

Lemma sum_plus n f g : sum n (fun k => f k + g k) = sum n f + sum n g.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_minus n f g : sum n (fun k => f k - g k) = sum n f - sum n g.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_opp n f : sum n (fun k => - f k) = - sum n f.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_scal_l n c f : sum n (fun k => c * f k) = c * sum n f.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_scal_r n c f : sum n (fun k => f k * c) = sum n f * c.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_const n c : sum n (fun _ => c) = INR n * c.
Proof.
  induction n as [|n IH]; [simpl; ring|].
  rewrite S_INR. simpl sum. rewrite IH. ring.
Qed.

Lemma sum_swap n m f :
  sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof.
  induction n as [|n IH]; simpl.
  - symmetry. apply sum_zero. reflexivity.
  - rewrite IH, <- sum_plus. reflexivity.
Qed.

Lemma sum_nonneg n f : (forall k, (k < n)%nat -> 0 <= f k) -> 0 <= sum n f.
Proof.
  induction n as [|n IH]; simpl; intros H; [lra|].
  pose proof (H n (Nat.lt_succ_diag_r n)). assert (0 <= sum n f) by auto. lra.
Qed.

Lemma sum_positive n f : (1 <= n)%nat -> (forall k, (k < n)%nat -> 0 < f k) -> 0 < sum n f.
Proof.
  destruct n as [|n]; [lia|]. simpl. intros _ H.
  pose proof (H n (Nat.lt_succ_diag_r n)).
  assert (0 <= sum n f) by (apply sum_nonneg; intros k Hk; left; auto). lra.
Qed.

Lemma sum_exp_positive n f : (1 <= n)%nat -> 0 < sum n (fun k => exp (f k)).
Proof. intros H. apply sum_positive; auto. intros k _. apply exp_pos. Qed.

(* The one summand that a delta leaves. *)

Lemma delta_same i : delta i i = 1.
Proof. unfold delta. rewrite Nat.eqb_refl. reflexivity. Qed.

Lemma delta_other i j : i <> j -> delta i j = 0.
Proof. intros H. unfold delta. apply Nat.eqb_neq in H. rewrite H. reflexivity. Qed.

Lemma delta_sym i j : delta i j = delta j i.
Proof. unfold delta. rewrite Nat.eqb_sym. reflexivity. Qed.

Lemma delta_subst i j (f : nat -> R) : delta i j * f i = delta i j * f j.
Proof. unfold delta. destruct (Nat.eqb_spec i j); subst; ring. Qed.

Lemma sum_single n j f :
  (j < n)%nat -> (forall k, (k < n)%nat -> k <> j -> f k = 0) -> sum n f = f j.
Proof.
  induction n as [|n IH]; simpl; intros Hj H; [lia|].
  destruct (Nat.eq_dec j n) as [->|Hne].
  - rewrite sum_zero; [ring|]. intros k Hk. apply H; lia.
  - rewrite IH; [|lia|auto]. rewrite (H n); [ring|lia|auto].
Qed.

Lemma sum_delta n j f : (j < n)%nat -> sum n (fun k => delta k j * f k) = f j.
Proof.
  intros Hj. rewrite (sum_single n j); auto.
  - rewrite delta_same. ring.
  - intros k _ Hk. rewrite delta_other; auto. ring.
Qed.

(* A sum in which only the summand j has anything but g: f k = g k + delta k j * h k. *)

Lemma sum_split n j f g h :
  (j < n)%nat -> (forall k, (k < n)%nat -> f k = g k + delta k j * h k) -> sum n f = sum n g + h j.
Proof. intros Hj H. rewrite (sum_ext n f _ H), sum_plus, sum_delta; auto. Qed.

(* Updated arrays. *)

Lemma upd1_id a i : upd1 a i (a i) = a.
Proof.
  apply functional_extensionality. intros k. unfold upd1.
  destruct (Nat.eqb_spec k i); subst; reflexivity.
Qed.

Lemma upd2_id a i j : upd2 a i j (a i j) = a.
Proof.
  apply functional_extensionality. intros k. unfold upd2.
  destruct (Nat.eqb_spec k i); subst; [apply upd1_id|reflexivity].
Qed.

Lemma upd3_id a i j k : upd3 a i j k (a i j k) = a.
Proof.
  apply functional_extensionality. intros l. unfold upd3.
  destruct (Nat.eqb_spec l i); subst; [apply upd2_id|reflexivity].
Qed.

(* Derivatives, stated with the operations of R; d_ext changes the value. *)

Lemma d_ext (f : R -> R) (x a b : R) : is_derive f x a -> a = b -> is_derive f x b.
Proof. intros H <-. exact H. Qed.

Lemma d_same (f g : R -> R) (x a : R) : (forall t, f t = g t) -> is_derive f x a -> is_derive g x a.
Proof. intros H. apply is_derive_ext, H. Qed.

Lemma d_const (c x : R) : is_derive (fun _ : R => c) x 0.
Proof. apply (is_derive_const c x). Qed.

Lemma d_id (x : R) : is_derive (fun t : R => t) x 1.
Proof. apply (is_derive_id x). Qed.

Lemma d_plus (f g : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g x b -> is_derive (fun t : R => f t + g t) x (a + b).
Proof. intros. apply (is_derive_plus f g x a b); auto. Qed.

Lemma d_minus (f g : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g x b -> is_derive (fun t : R => f t - g t) x (a - b).
Proof. intros. apply (is_derive_minus f g x a b); auto. Qed.

Lemma d_opp (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t : R => - f t) x (- a).
Proof. intros. apply (is_derive_opp f x a); auto. Qed.

Lemma d_mult (f g : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g x b -> is_derive (fun t : R => f t * g t) x (a * g x + f x * b).
Proof. intros Hf Hg. apply (is_derive_mult f g x a b); auto. exact Rmult_comm. Qed.

Lemma d_scal c (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t : R => c * f t) x (c * a).
Proof. intros H. apply (is_derive_scal f x c a H). Qed.

Lemma d_scal_r c (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t : R => f t * c) x (a * c).
Proof.
  intros H. apply (is_derive_ext (fun t : R => c * f t)); [intros; apply Rmult_comm|].
  rewrite Rmult_comm. apply d_scal, H.
Qed.

Lemma d_comp (g f : R -> R) (x a b : R) :
  is_derive f x a -> is_derive g (f x) b -> is_derive (fun t : R => g (f t)) x (b * a).
Proof.
  intros Hf Hg. rewrite Rmult_comm. apply (is_derive_comp g f x b a Hg Hf).
Qed.

Lemma d_inv (f : R -> R) (x a : R) :
  is_derive f x a -> f x <> 0 -> is_derive (fun t : R => / f t) x (- a * / (f x * f x)).
Proof.
  intros H Hx. eapply d_ext; [apply (is_derive_inv f x a H Hx)|]. field. exact Hx.
Qed.

Lemma d_exp (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t : R => exp (f t)) x (exp (f x) * a).
Proof. intros H. apply (d_comp exp f); auto. apply is_derive_Reals, derivable_pt_lim_exp. Qed.

Lemma d_ln (f : R -> R) (x a : R) : is_derive f x a -> 0 < f x -> is_derive (fun t : R => ln (f t)) x (/ f x * a).
Proof.
  intros H Hx. apply (d_comp ln f); auto. apply is_derive_Reals, derivable_pt_lim_ln; auto.
Qed.

Lemma d_sqrt (f : R -> R) (x a : R) :
  is_derive f x a -> 0 < f x -> is_derive (fun t : R => sqrt (f t)) x (/ (2 * sqrt (f x)) * a).
Proof.
  intros H Hx. apply (d_comp sqrt f); auto. apply is_derive_Reals, derivable_pt_lim_sqrt; auto.
Qed.

Lemma d_pow (f : R -> R) n (x a : R) :
  is_derive f x a -> is_derive (fun t : R => f t ^ n) x (INR n * f x ^ pred n * a).
Proof.
  intros H. apply (d_comp (fun y => y ^ n) f); auto. apply is_derive_Reals, derivable_pt_lim_pow.
Qed.

Lemma d_tanh (f : R -> R) (x a : R) : is_derive f x a -> is_derive (fun t : R => tanh (f t)) x ((1 - tanh (f x) ^ 2) * a).
Proof.
  intros H. apply (d_comp tanh f); auto. generalize (f x). clear. intros y.
  unfold tanh, sinh, cosh. pose proof (exp_pos y). pose proof (exp_pos (- y)).
  auto_derive; [lra|]. field. lra.
Qed.

Lemma d_sum n (f : R -> nat -> R) (d : nat -> R) (x : R) :
  (forall k, (k < n)%nat -> is_derive (fun t => f t k) x (d k)) ->
  is_derive (fun t : R => sum n (fun k => f t k)) x (sum n d).
Proof.
  induction n as [|n IH]; intros H; simpl; [apply d_const|].
  apply d_plus; [apply IH; auto|apply H; auto].
Qed.

Lemma d_upd1 a i k (x : R) : is_derive (fun t : R => upd1 a i t k) x (delta k i).
Proof. unfold upd1, delta. destruct (Nat.eqb k i); [apply d_id|apply d_const]. Qed.

Lemma d_upd2 a i j k l (x : R) : is_derive (fun t : R => upd2 a i j t k l) x (delta k i * delta l j).
Proof.
  unfold upd2, delta. destruct (Nat.eqb k i).
  - rewrite Rmult_1_l. apply d_upd1.
  - rewrite Rmult_0_l. apply d_const.
Qed.

Lemma d_upd3 a i j p k l q (x : R) :
  is_derive (fun t : R => upd3 a i j p t k l q) x (delta k i * (delta l j * delta q p)).
Proof.
  unfold upd3. unfold delta at 1. destruct (Nat.eqb k i).
  - rewrite Rmult_1_l. apply d_upd2.
  - rewrite Rmult_0_l. apply d_const.
Qed.

Lemma d_sigmoid (f : R -> R) (x a : R) :
  is_derive f x a -> is_derive (fun t : R => / (1 + exp (-1 * f t))) x
    (/ (1 + exp (-1 * f x)) * (1 - / (1 + exp (-1 * f x))) * a).
Proof.
  intros H. apply (d_comp (fun y => / (1 + exp (-1 * y))) f); auto.
  generalize (f x). clear. intros y. pose proof (exp_pos (-1 * y)).
  auto_derive; [lra|]. field. lra.
Qed.

(* Softmax along a curve z, with velocity d. *)

Definition softmax (n : nat) (z : nat -> R) (i : nat) : R := exp (z i) * / sum n (fun k => exp (z k)).

Lemma softmax_sum n z : (1 <= n)%nat -> sum n (fun i => softmax n z i) = 1.
Proof.
  intros H. unfold softmax. rewrite sum_scal_r. apply Rinv_r.
  pose proof (sum_exp_positive n z H). lra.
Qed.

Lemma softmax_positive n z i : (1 <= n)%nat -> 0 < softmax n z i.
Proof.
  intros H. unfold softmax. apply Rmult_lt_0_compat; [apply exp_pos|].
  apply Rinv_0_lt_compat, sum_exp_positive, H.
Qed.

Lemma d_softmax n (z : R -> nat -> R) (d : nat -> R) i (x : R) :
  (1 <= n)%nat -> (i < n)%nat -> (forall k, (k < n)%nat -> is_derive (fun t => z t k) x (d k)) ->
  is_derive (fun t => softmax n (z t) i) x
    (softmax n (z x) i * (d i - sum n (fun k => softmax n (z x) k * d k))).
Proof.
  intros Hn Hi H. pose proof (sum_exp_positive n (z x) Hn) as P.
  eapply d_ext.
  - apply d_mult.
    + apply d_exp, H, Hi.
    + apply d_inv; [|simpl; lra]. apply d_sum. intros k Hk. apply d_exp, H, Hk.
  - cbv beta. unfold softmax.
    rewrite (sum_ext n (fun k => exp (z x k) * / sum n (fun l => exp (z x l)) * d k)
      (fun k => / sum n (fun l => exp (z x l)) * (exp (z x k) * d k))) by (intros; ring).
    rewrite sum_scal_l. field. lra.
Qed.

Lemma d_log_softmax n (z : R -> nat -> R) (d : nat -> R) i (x : R) :
  (1 <= n)%nat -> (i < n)%nat -> (forall k, (k < n)%nat -> is_derive (fun t => z t k) x (d k)) ->
  is_derive (fun t => ln (softmax n (z t) i)) x (d i - sum n (fun k => softmax n (z x) k * d k)).
Proof.
  intros Hn Hi H. pose proof (softmax_positive n (z x) i Hn) as P.
  eapply d_ext; [apply d_ln; [apply d_softmax; eassumption|exact P]|].
  cbv beta. field. lra.
Qed.

Lemma d_cross_entropy n (z : R -> nat -> R) (y d : nat -> R) (x : R) :
  (1 <= n)%nat -> (forall k, (k < n)%nat -> is_derive (fun t => z t k) x (d k)) ->
  is_derive (fun t => sum n (fun k => y k * ln (softmax n (z t) k))) x
    (sum n (fun k => (y k - sum n y * softmax n (z x) k) * d k)).
Proof.
  intros Hn H. eapply d_ext.
  - apply d_sum. intros k Hk. apply d_scal, d_log_softmax; eassumption.
  - cbv beta.
    rewrite (sum_ext n _ (fun k => y k * d k - sum n (fun l => softmax n (z x) l * d l) * y k)) by (intros; ring).
    rewrite sum_minus, sum_scal_l.
    rewrite (sum_ext n (fun k => (y k - sum n y * softmax n (z x) k) * d k)
      (fun k => y k * d k - sum n y * (softmax n (z x) k * d k))) by (intros; ring).
    rewrite sum_minus, sum_scal_l. ring.
Qed.

(* The derivative of a function of t, its value left open: fails where it meets what it does not know. *)

Ltac derive :=
  lazymatch goal with
  | |- forall k, (k < _)%nat -> _ => let k := fresh "k" in let H := fresh "H" in intros k H; derive
  | |- is_derive (fun _ => ?c) _ _ => apply d_const
  | |- is_derive (fun t => t) _ _ => apply d_id
  | |- is_derive (fun t => upd1 _ _ t _) _ _ => apply d_upd1
  | |- is_derive (fun t => upd2 _ _ _ t _ _) _ _ => apply d_upd2
  | |- is_derive (fun t => upd3 _ _ _ _ t _ _ _) _ _ => apply d_upd3
  | |- is_derive (fun t => / (1 + exp (-1 * @?f t))) _ _ => apply (d_sigmoid f); derive
  | |- is_derive (fun t => @?f t + @?g t) _ _ => apply (d_plus f g); [derive|derive]
  | |- is_derive (fun t => @?f t - @?g t) _ _ => apply (d_minus f g); [derive|derive]
  | |- is_derive (fun t => - @?f t) _ _ => apply (d_opp f); derive
  | |- is_derive (fun t => @?f t * @?g t) _ _ =>
      lazymatch f with
      | fun _ => ?c => apply (d_scal c g); derive
      | _ =>
          lazymatch g with
          | fun _ => ?c => apply (d_scal_r c f); derive
          | _ => apply (d_mult f g); [derive|derive]
          end
      end
  | |- is_derive (fun t => / @?f t) _ _ => apply (d_inv f); [derive|]
  | |- is_derive (fun t => exp (@?f t)) _ _ => apply (d_exp f); derive
  | |- is_derive (fun t => ln (@?f t)) _ _ => apply (d_ln f); [derive|]
  | |- is_derive (fun t => sqrt (@?f t)) _ _ => apply (d_sqrt f); [derive|]
  | |- is_derive (fun t => tanh (@?f t)) _ _ => apply (d_tanh f); derive
  | |- is_derive (fun t => @?f t ^ ?n) _ _ => apply (d_pow f n); derive
  | |- is_derive (fun t => sum ?n (fun k => @?f t k)) _ _ => apply (d_sum n f); derive
  end.

Ltac at_point := cbv beta; rewrite ?upd1_id, ?upd2_id, ?upd3_id.

Lemma sum_delta_r n j f : (j < n)%nat -> sum n (fun k => f k * delta k j) = f j.
Proof. intros H. rewrite <- (sum_delta n j f H). apply sum_ext. intros. ring. Qed.

Lemma sum_delta_to n i f : (i < n)%nat -> sum n (fun k => delta i k * f k) = f i.
Proof. intros H. rewrite <- (sum_delta n i f H). apply sum_ext. intros. rewrite delta_sym. ring. Qed.

Lemma sum_delta_one n i : (i < n)%nat -> sum n (fun k => delta i k) = 1.
Proof.
  intros H. rewrite <- (sum_delta_to n i (fun _ => 1) H). apply sum_ext. intros. ring.
Qed.

Lemma sum_delta_pair n m i j f :
  (i < n)%nat -> (j < m)%nat ->
  sum m (fun l => sum n (fun k => f k l * (delta k i * delta l j))) = f i j.
Proof.
  intros Hi Hj. rewrite (sum_ext m _ (fun l => f i l * delta l j)).
  - apply (sum_delta_r m j (f i)), Hj.
  - intros l _. rewrite (sum_ext n _ (fun k => (f k l * delta l j) * delta k i)) by (intros; ring).
    apply (sum_delta_r n i (fun k => f k l * delta l j)), Hi.
Qed.

(* Softmax in one updated coordinate. *)

Lemma d_softmax_upd n z i j :
  (1 <= n)%nat -> (i < n)%nat -> (j < n)%nat ->
  is_derive (fun t => softmax n (upd1 z j t) i) (z j) (softmax n z i * (delta i j - softmax n z j)).
Proof.
  intros. eapply d_ext; [apply (d_softmax n (fun t => upd1 z j t)); [assumption..|derive]|].
  at_point. rewrite sum_delta_r by assumption. reflexivity.
Qed.

Lemma d_log_softmax_upd n z i j :
  (1 <= n)%nat -> (i < n)%nat -> (j < n)%nat ->
  is_derive (fun t => ln (softmax n (upd1 z j t) i)) (z j) (delta i j - softmax n z j).
Proof.
  intros. eapply d_ext; [apply (d_log_softmax n (fun t => upd1 z j t)); [assumption..|derive]|].
  at_point. rewrite sum_delta_r by assumption. reflexivity.
Qed.

Lemma d_cross_entropy_upd n z y j :
  (1 <= n)%nat -> (j < n)%nat ->
  is_derive (fun t => -1 * sum n (fun k => y k * ln (softmax n (upd1 z j t) k))) (z j)
    (softmax n z j * sum n y - y j).
Proof.
  intros. eapply d_ext.
  - apply d_scal, (d_cross_entropy n (fun t => upd1 z j t)); [assumption|derive].
  - at_point. rewrite sum_delta_r by assumption. ring.
Qed.

Lemma d_logsumexp_upd n z j :
  (1 <= n)%nat -> (j < n)%nat ->
  is_derive (fun t => ln (sum n (fun k => exp (upd1 z j t k)))) (z j) (softmax n z j).
Proof.
  intros Hn Hj. eapply d_ext.
  - derive. simpl. rewrite upd1_id. apply sum_exp_positive, Hn.
  - at_point. rewrite sum_delta_r by assumption. unfold softmax. ring.
Qed.

Lemma softmax_shift n z c i : softmax n (fun k => c + z k) i = softmax n z i.
Proof.
  unfold softmax.
  rewrite (sum_ext n (fun k => exp (c + z k)) (fun k => exp c * exp (z k))) by (intros; apply exp_plus).
  rewrite sum_scal_l, exp_plus, Rinv_mult.
  transitivity (exp c * / exp c * (exp (z i) * / sum n (fun k => exp (z k)))); [ring|].
  rewrite Rinv_r; [ring|]. pose proof (exp_pos c). lra.
Qed.

Lemma variance n s v :
  sum n s = 1 ->
  sum n (fun i => v i * sum n (fun j => s i * (delta i j - s j) * v j)) =
  sum n (fun i => (sum n (fun k => s k * v k) + - 1 * v i) ^ 2 * s i).
Proof.
  intros H. set (mu := sum n (fun k => s k * v k)).
  rewrite (sum_ext n _ (fun i => s i * v i ^ 2 - mu * (s i * v i))).
  - rewrite (sum_ext n (fun i => (mu + - 1 * v i) ^ 2 * s i)
      (fun i => mu ^ 2 * s i + (s i * v i ^ 2 - 2 * mu * (s i * v i)))) by (intros; ring).
    rewrite sum_plus, !sum_minus, !sum_scal_l, H. fold mu. ring.
  - intros i Hi.
    rewrite (sum_ext n _ (fun j => s i * (delta i j * v j) - s i * (s j * v j))) by (intros; ring).
    rewrite sum_minus, !sum_scal_l, sum_delta_to by exact Hi. fold mu. ring.
Qed.

(* Mean cross-entropy of rows of logits o along a curve, and half a sum of squares in one updated weight. *)

Lemma d_mean_cross_entropy N C (o : R -> nat -> nat -> R) (y d : nat -> nat -> R) (x : R) :
  (1 <= C)%nat -> simplex2 N C y ->
  (forall m, (m < N)%nat -> forall c, (c < C)%nat -> is_derive (fun t => o t m c) x (d m c)) ->
  is_derive
    (fun t => - 1 * sum C (fun c => sum N (fun m => y m c * ln (softmax C (o t m) c))) * / INR N) x
    (sum N (fun m => sum C (fun c => (softmax C (o x m) c + - 1 * y m c) * / INR N * d m c))).
Proof.
  intros HC Hy H.
  apply (d_same
    (fun t => (- 1 * / INR N) * sum N (fun m => sum C (fun c => y m c * ln (softmax C (o t m) c))))).
  - intros t. rewrite (sum_swap C N). ring.
  - eapply d_ext.
    + apply d_scal, d_sum. intros m Hm. apply (d_cross_entropy C (fun t => o t m)); [exact HC|exact (H m Hm)].
    + cbv beta. rewrite <- sum_scal_l. apply sum_ext. intros m Hm. rewrite <- sum_scal_l.
      apply sum_ext. intros c _. rewrite (proj2 (Hy m Hm)). ring.
Qed.

Lemma d_squares n m W i j (x : R) :
  (i < n)%nat -> (j < m)%nat -> x = W i j ->
  is_derive (fun t => sum m (fun l => sum n (fun k => upd2 W i j t k l ^ 2))) x (2 * W i j).
Proof.
  intros Hi Hj ->. eapply d_ext; [derive|]. at_point.
  rewrite (sum_delta_pair n m i j (fun k l => INR 2 * W k l ^ Nat.pred 2)) by assumption.
  simpl. ring.
Qed.

(* Two layers: logits of sigmoids of pre-activations a along a curve, then mean cross-entropy. *)

Definition logits H (a : nat -> nat -> R) (W : nat -> nat -> R) (b : nat -> R) (m c : nat) : R :=
  b c + sum H (fun h => W h c * / (1 + exp (- 1 * a m h))).
Definition output_error N C (o y : nat -> nat -> R) (m c : nat) : R :=
  (softmax C (o m) c + - 1 * y m c) * / INR N.
Definition hidden_error C (a W u : nat -> nat -> R) (m h : nat) : R :=
  / (1 + exp (- 1 * a m h)) * (1 + - 1 * / (1 + exp (- 1 * a m h))) * sum C (fun c => W h c * u m c).

Lemma d_two_layers N C H (a : R -> nat -> nat -> R) W b (y d : nat -> nat -> R) (x : R) :
  (1 <= C)%nat -> simplex2 N C y ->
  (forall m, (m < N)%nat -> forall h, (h < H)%nat -> is_derive (fun t => a t m h) x (d m h)) ->
  is_derive
    (fun t => - 1 * sum C (fun c => sum N (fun m => y m c * ln (softmax C (logits H (a t) W b m) c))) * / INR N) x
    (sum N (fun m => sum H (fun h => hidden_error C (a x) W (output_error N C (logits H (a x) W b) y) m h * d m h))).
Proof.
  intros HC Hy Ha. eapply d_ext.
  - apply (d_mean_cross_entropy N C (fun t => logits H (a t) W b)); [exact HC|exact Hy|].
    intros m Hm c _. unfold logits. apply d_plus; [apply d_const|].
    apply d_sum. intros h Hh. apply d_scal, d_sigmoid, Ha; assumption.
  - cbv beta. apply sum_ext. intros m Hm. unfold hidden_error. set (u := output_error N C (logits H (a x) W b) y).
    rewrite (sum_ext C _ (fun c => sum H (fun h => / (1 + exp (- 1 * a x m h)) *
      (1 + - 1 * / (1 + exp (- 1 * a x m h))) * d m h * (W h c * u m c)))).
    + rewrite sum_swap. apply sum_ext. intros h _. rewrite sum_scal_l. ring.
    + intros c _. rewrite Rplus_0_l, <- sum_scal_l. apply sum_ext. intros h _. unfold u, output_error. ring.
Qed.

Lemma d_affine_weight D (W X : nat -> nat -> R) (b : nat -> R) q g m h (x : R) :
  (q < D)%nat ->
  is_derive (fun t => b h + sum D (fun d => upd2 W q g t d h * X m d)) x (X m q * delta h g).
Proof.
  intros Hq. eapply d_ext; [derive|]. cbv beta.
  rewrite (sum_ext _ _ (fun d => X m d * delta h g * delta d q)) by (intros; ring).
  rewrite (sum_delta_r D q (fun d => X m d * delta h g)) by exact Hq. ring.
Qed.

Lemma d_affine_input D (W X : nat -> nat -> R) (b : nat -> R) n q m h (x : R) :
  (q < D)%nat ->
  is_derive (fun t => b h + sum D (fun d => W d h * upd2 X n q t m d)) x (W q h * delta m n).
Proof.
  intros Hq. eapply d_ext; [derive|]. cbv beta.
  rewrite (sum_ext _ _ (fun d => W d h * delta m n * delta d q)) by (intros; ring).
  rewrite (sum_delta_r D q (fun d => W d h * delta m n)) by exact Hq. ring.
Qed.

Lemma d_affine_bias D (W X : nat -> nat -> R) (b : nat -> R) g m h (x : R) :
  is_derive (fun t => upd1 b g t h + sum D (fun d => W d h * X m d)) x (delta h g).
Proof. eapply d_ext; [derive|]. cbv beta. ring. Qed.

(* Normalisation along a curve of entries c, each with velocity d. *)

Definition spread n (c : nat -> R) eps : R := sum n (fun k => c k ^ 2) * / INR n + eps.

Lemma spread_positive n c eps : (1 <= n)%nat -> 0 < eps -> 0 < spread n c eps.
Proof.
  intros Hn He. unfold spread. apply Rplus_le_lt_0_compat; [|exact He].
  apply Rmult_le_pos; [apply sum_nonneg; intros; apply pow2_ge_0|].
  left. apply Rinv_0_lt_compat, lt_0_INR. lia.
Qed.

Lemma d_normal n (c : R -> nat -> R) (d : nat -> R) eps i (x : R) :
  (1 <= n)%nat -> 0 < eps -> (i < n)%nat ->
  (forall k, (k < n)%nat -> is_derive (fun t => c t k) x (d k)) ->
  is_derive (fun t => c t i * inv_sqrt (spread n (c t) eps)) x
    (inv_sqrt (spread n (c x) eps) * (d i - c x i * inv_sqrt (spread n (c x) eps) *
      sum n (fun k => c x k * inv_sqrt (spread n (c x) eps) * d k) * / INR n)).
Proof.
  intros Hn He Hi H. pose proof (spread_positive n (c x) eps Hn He) as P.
  pose proof (sqrt_lt_R0 _ P) as Q. assert (INR n <> 0) by (apply not_0_INR; lia).
  eapply d_ext.
  - unfold inv_sqrt at 1. apply d_mult; [apply H, Hi|]. apply d_inv; [|lra].
    apply d_sqrt; [|exact P]. unfold spread. apply d_plus; [|apply d_const].
    apply d_scal_r, d_sum. intros k Hk. apply d_pow, H, Hk.
  - cbv beta. unfold inv_sqrt.
    rewrite (sum_ext n (fun k => INR 2 * c x k ^ Nat.pred 2 * d k) (fun k => 2 * (c x k * d k)))
      by (intros; simpl; ring).
    rewrite (sum_ext n (fun k => c x k * / sqrt (spread n (c x) eps) * d k)
      (fun k => / sqrt (spread n (c x) eps) * (c x k * d k))) by (intros; ring).
    rewrite !sum_scal_l. field. split; (assumption || lra).
Qed.

Lemma sum_centred n x : (1 <= n)%nat -> sum n (fun k => x k + - 1 * (sum n (fun l => x l) * / INR n)) = 0.
Proof.
  intros Hn. change (fun l => x l) with x. rewrite sum_plus, sum_const. field. apply not_0_INR. lia.
Qed.

(* Attention along a curve of scores a, with velocity d; V enters linearly. *)

Definition score_error S E (p V G : nat -> nat -> R) (t s : nat) : R :=
  p t s * (sum E (fun e => G t e * V s e) + - 1 * sum S (fun k => p t k * sum E (fun e => G t e * V k e))).

Lemma d_attention T S E (a : R -> nat -> nat -> R) (V G d : nat -> nat -> R) (x : R) :
  (1 <= S)%nat ->
  (forall t, (t < T)%nat -> forall s, (s < S)%nat -> is_derive (fun u => a u t s) x (d t s)) ->
  is_derive
    (fun u => sum T (fun t => sum E (fun e => G t e * sum S (fun s => softmax S (a u t) s * V s e)))) x
    (sum T (fun t => sum S (fun s => score_error S E (fun t => softmax S (a x t)) V G t s * d t s))).
Proof.
  intros HS H. eapply d_ext.
  - apply d_sum. intros t Ht. apply d_sum. intros e _. apply d_scal, d_sum. intros s Hs.
    apply d_scal_r. apply (d_softmax S (fun u => a u t)); [exact HS|exact Hs|exact (H t Ht)].
  - cbv beta. apply sum_ext. intros t _. unfold score_error. set (p := softmax S (a x t)).
    set (m := sum S (fun k => p k * d t k)).
    rewrite (sum_ext E _ (fun e => sum S (fun s => p s * (d t s - m) * (G t e * V s e))))
      by (intros; rewrite <- sum_scal_l; apply sum_ext; intros; ring).
    rewrite sum_swap.
    set (q := fun s => sum E (fun e => G t e * V s e)).
    rewrite (sum_ext S _ (fun s => p s * q s * d t s - m * (p s * q s)))
      by (intros; rewrite sum_scal_l; unfold q; ring).
    rewrite (sum_ext S (fun s => p s * (_ + _) * _) (fun s => p s * q s * d t s - sum S (fun k => p k * q k) * (p s * d t s)))
      by (intros; unfold q; ring).
    rewrite !sum_minus, !sum_scal_l. fold m. ring.
Qed.

(* Threshold units and the perceptron with real weights; rows are data, and stay integers. *)

Definition weightsR := (list R * R)%type.

Fixpoint dotR (w : list R) (x : list Z) : R :=
  match w, x with
  | a :: w', b :: x' => a * IZR b + dotR w' x'
  | _, _ => 0
  end.

Definition scoreR (den : Z) (u : weightsR) (x : list Z) : R := dotR (fst u) x + snd u * IZR den.
Definition separatesR (den : Z) (rows : list row) (u : weightsR) : Prop :=
  Forall (fun r : row => if snd r then 0 <= scoreR den u (fst r) else scoreR den u (fst r) < 0) rows.
Definition inseparableR (den : Z) (rows : list row) : Prop :=
  (0 < den)%Z /\ forall u : weightsR, ~ separatesR den rows u.

Lemma dotR_nil_r w : dotR w [] = 0.
Proof. destruct w; reflexivity. Qed.

Lemma dotR_add w u v : dotR w (add u v) = dotR w u + dotR w v.
Proof.
  revert u v. induction w as [|a w IH]; intros [|b u] [|c v]; simpl; rewrite ?IH, ?plus_IZR; ring.
Qed.

Lemma dotR_scale w c x : dotR w (map (Z.mul c) x) = IZR c * dotR w x.
Proof. revert x. induction w as [|a w IH]; intros [|b x]; simpl; rewrite ?IH, ?mult_IZR; ring. Qed.

Lemma dotR_zero w v : forallb (Z.eqb 0) v = true -> dotR w v = 0.
Proof.
  revert v. induction w as [|a w IH]; intros [|b v]; cbn [dotR forallb]; try reflexivity.
  rewrite andb_true_iff, Z.eqb_eq. intros [<- H]. rewrite IH; [ring|exact H].
Qed.

Lemma combinationR den rows u ms :
  forallb (Z.leb 0) ms = true -> separatesR den rows u ->
  let t := dotR (fst u) (total ms rows) + snd u * IZR den * IZR (balance ms rows) in
  (0 <= against ms rows)%Z /\ 0 <= t /\ ((0 < against ms rows)%Z -> 0 < t).
Proof.
  revert ms. induction rows as [|[x l] rows IH]; intros [|m ms] Hm Hs; cbn [total balance against];
    rewrite ?dotR_nil_r; try (split; [lia|split; [lra|lia]]).
  cbn [forallb] in Hm. apply andb_true_iff in Hm as [Hm Hms]. apply Z.leb_le in Hm.
  inversion Hs as [|r rest Hr Hrest]; subst. destruct (IH ms Hms Hrest) as [Ha [H0 H1]]. clear IH.
  rewrite dotR_add, dotR_scale, plus_IZR. unfold signed, scoreR in *. cbn [fst snd] in Hr.
  pose proof (IZR_le _ _ Hm) as HmR. set (rest := dotR (fst u) (total ms rows)) in *.
  set (bal := IZR (balance ms rows)) in *. destruct l.
  - assert (0 <= IZR m * (dotR (fst u) x + snd u * IZR den)) by (apply Rmult_le_pos; lra).
    split; [lia|split; [lra|]]. intros P. assert (0 < rest + snd u * IZR den * bal) by (apply H1; lia). lra.
  - rewrite opp_IZR.
    assert (E : - IZR m * dotR (fst u) x + rest + snd u * IZR den * (- IZR m + bal) =
      IZR m * - (dotR (fst u) x + snd u * IZR den) + (rest + snd u * IZR den * bal)) by ring.
    rewrite E. split; [lia|].
    assert (0 <= IZR m * - (dotR (fst u) x + snd u * IZR den)) by (apply Rmult_le_pos; lra).
    split; [lra|]. intros P. destruct (Z.eq_dec m 0) as [->|Hne].
    + assert (0 < rest + snd u * IZR den * bal) by (apply H1; lia). lra.
    + assert (0 < IZR m) by (apply IZR_lt; lia).
      assert (0 < IZR m * - (dotR (fst u) x + snd u * IZR den)) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Theorem farkas_soundR den rows ms : farkas_b den rows ms = true -> inseparableR den rows.
Proof.
  unfold farkas_b. rewrite !andb_true_iff. intros [[[[Hd Hm] Ht] Hb] Ha].
  apply Z.ltb_lt in Hd, Ha. apply Z.eqb_eq in Hb. split; [exact Hd|]. intros u Hs.
  destruct (combinationR den rows u ms Hm Hs) as [_ [_ H]]. specialize (H Ha).
  rewrite dotR_zero, Hb in H by exact Ht. lra.
Qed.

Definition errorR (u : weightsR) (r : row) : R :=
  (if snd r then 1 else 0) - (if Rle_dec 0 (scoreR 1 u (fst r)) then 1 else 0).

Fixpoint addR (u v : list R) : list R :=
  match u, v with
  | a :: u', b :: v' => a + b :: addR u' v'
  | [], _ => v
  | _, [] => u
  end.

Definition stepR (rate : R) (u : weightsR) (r : row) : weightsR :=
  (addR (fst u) (map (fun x => rate * errorR u r * IZR x) (fst r)), snd u + rate * errorR u r).
Definition in_R (u : weights) : weightsR := (map IZR (fst u), IZR (snd u)).

(* In any order of visits the real perceptron stays in the listed states, whose entries are integers. *)
Definition staysR (rate : Z) (start : weights) (rows : list row) (states : list weights) : Prop :=
  forall visits, incl visits rows ->
    exists state, In state states /\ fold_left (stepR (IZR rate)) visits (in_R start) = in_R state.

Lemma dotR_IZR w x : dotR (map IZR w) x = IZR (dot w x).
Proof.
  revert x. induction w as [|a w IH]; intros [|b x]; simpl; try reflexivity.
  rewrite IH, plus_IZR, mult_IZR. reflexivity.
Qed.

Lemma errorR_IZR u r : errorR (in_R u) r = IZR (error 1 u r).
Proof.
  unfold errorR, error, scoreR, score, in_R. cbn [fst snd].
  rewrite dotR_IZR, <- mult_IZR, <- plus_IZR, minus_IZR.
  destruct (Rle_dec 0 _) as [H|H], (Z.leb_spec 0 (dot (fst u) (fst r) + snd u * 1)) as [G|G];
    try (apply le_IZR in H; lia); try (apply IZR_le in G; lra); destruct (snd r); reflexivity.
Qed.

Lemma addR_IZR u v : addR (map IZR u) (map IZR v) = map IZR (add u v).
Proof.
  revert v. induction u as [|a u IH]; intros [|b v]; simpl; try reflexivity.
  rewrite IH, plus_IZR. reflexivity.
Qed.

Lemma stepR_IZR rate u r : stepR (IZR rate) (in_R u) r = in_R (step rate u r).
Proof.
  unfold stepR. rewrite errorR_IZR. unfold in_R, step. cbn [fst snd].
  rewrite plus_IZR, mult_IZR, <- addR_IZR, map_map.
  f_equal. f_equal. apply map_ext. intros x. rewrite !mult_IZR. reflexivity.
Qed.

Theorem integers_stay rate visits start :
  fold_left (stepR (IZR rate)) visits (in_R start) = in_R (fold_left (step rate) visits start).
Proof.
  revert start. induction visits as [|r visits IH]; intros start; simpl; [reflexivity|].
  rewrite stepR_IZR. apply IH.
Qed.

Theorem stays_soundR rate start rows states :
  stays_b rate start rows states = true -> staysR rate start rows states.
Proof.
  intros H visits Hv. exists (fold_left (step rate) visits start).
  split; [apply (stays_sound _ _ _ _ H visits Hv)|apply integers_stay].
Qed.

(* Novikoff's bound for every positive real rate: from zero, the states are the rate times those for rate 1. *)

Fixpoint updatesR (rate : R) (u : weightsR) (visits : list row) : R :=
  match visits with
  | [] => 0
  | r :: rest => Rabs (errorR u r) + updatesR rate (stepR rate u r) rest
  end.

Definition updates_at_mostR (rows : list row) (most : Z) : Prop :=
  forall rate visits, 0 < rate -> incl visits rows -> updatesR rate ([], 0) visits <= IZR most.

Definition times (rate : R) (u : weights) : weightsR := (map (fun z => rate * IZR z) (fst u), rate * IZR (snd u)).

Lemma dotR_times rate w x : dotR (map (fun z => rate * IZR z) w) x = rate * IZR (dot w x).
Proof.
  revert x. induction w as [|a w IH]; intros [|b x]; simpl; try ring. rewrite IH, plus_IZR, mult_IZR. ring.
Qed.

Lemma errorR_times rate u r : 0 < rate -> errorR (times rate u) r = IZR (error 1 u r).
Proof.
  intros Hr. unfold errorR, error, scoreR, score, times. cbn [fst snd]. rewrite dotR_times, minus_IZR.
  set (z := (dot (fst u) (fst r) + snd u * 1)%Z).
  replace (rate * IZR (dot (fst u) (fst r)) + rate * IZR (snd u) * 1) with (rate * IZR z)
    by (unfold z; rewrite plus_IZR, mult_IZR; ring).
  destruct (Rle_dec 0 (rate * IZR z)) as [H|H], (Z.leb_spec 0 z) as [G|G]; try (destruct (snd r); reflexivity).
  - apply IZR_lt in G. pose proof (Rmult_lt_compat_l rate _ _ Hr G). lra.
  - apply IZR_le in G. pose proof (Rmult_le_pos rate (IZR z)). lra.
Qed.

Lemma addR_times rate u v :
  addR (map (fun z => rate * IZR z) u) (map (fun z => rate * IZR z) v) = map (fun z => rate * IZR z) (add u v).
Proof.
  revert v. induction u as [|a u IH]; intros [|b v]; simpl; try reflexivity. rewrite IH, plus_IZR. f_equal. ring.
Qed.

Lemma stepR_times rate u r : 0 < rate -> stepR rate (times rate u) r = times rate (step 1 u r).
Proof.
  intros Hr. unfold stepR. rewrite errorR_times by exact Hr. unfold times, step. cbn [fst snd].
  rewrite <- addR_times, map_map, plus_IZR, mult_IZR. f_equal; [f_equal; apply map_ext; intros x|]; rewrite ?mult_IZR; ring.
Qed.

Lemma updatesR_times rate visits u : 0 < rate -> updatesR rate (times rate u) visits = IZR (updates 1 u visits).
Proof.
  intros Hr. revert u. induction visits as [|r rest IH]; intros u; cbn [updatesR updates]; [reflexivity|].
  rewrite stepR_times, IH, errorR_times, plus_IZR, abs_IZR by exact Hr. reflexivity.
Qed.

Theorem novikoff_soundR rows u gamma radius most :
  novikoff_b rows u gamma radius most = true -> updates_at_mostR rows most.
Proof.
  intros H rate visits Hr Hv. replace (([], 0) : weightsR) with (times rate ([], 0%Z)).
  - rewrite updatesR_times by exact Hr. apply IZR_le, (novikoff_sound rows u gamma radius most H); [lia|exact Hv].
  - unfold times. cbn [fst snd map]. rewrite Rmult_0_r. reflexivity.
Qed.
