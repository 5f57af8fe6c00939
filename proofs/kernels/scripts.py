"""The short proofs: for each theorem one Coq tactic a conclusion, in order, over what library.v proves once."""

from __future__ import annotations

from proofs.kernels.collapse import COLLAPSE

_SOFTMAX = "unfold f_s, softmax; ring"
_BY_JACOBIAN = f"intros; eapply d_ext; [apply d_softmax_upd; assumption|{_SOFTMAX}]"
_WHOLE = "change (sum d_n (fun k => a_y k)) with (sum d_n a_y)"

_SCORE = (
    "intros; rewrite (sum_ext d_D _ (fun d => a_w d * a_x d + {sign} a_alpha * (a_t + - 1 * a_a) * (a_x d * a_x d))) "
    "by (intros; ring); rewrite sum_plus, sum_scal_l; ring"
)

SCRIPTS: dict[str, tuple[str, ...]] = {
    "softmax_jacobian": (
        _BY_JACOBIAN,
        f"intros; eapply d_ext; [apply d_softmax_upd; assumption|subst i_i; rewrite delta_same; {_SOFTMAX}]",
        "intros; eapply d_ext; [apply d_softmax_upd; assumption|"
        f"rewrite (delta_other i_i i_j) by assumption; {_SOFTMAX}]",
    ),
    "log_softmax_gradient": (f"intros; eapply d_ext; [apply d_log_softmax_upd; assumption|{_SOFTMAX}]",),
    "cross_entropy_gradient": (
        f"intros; eapply d_ext; [apply d_cross_entropy_upd; assumption|{_WHOLE}; {_SOFTMAX}]",
        "intros d_n a_z a_y i_j Hn [_ Hy] Hj; eapply d_ext; [apply d_cross_entropy_upd; assumption|"
        f"rewrite Hy; {_SOFTMAX}]",
        "intros; eapply d_ext; [apply (d_cross_entropy_upd d_n a_z (fun k => delta k i_t)); assumption|"
        "rewrite (sum_ext _ _ (fun k => delta k i_t * 1)) by (intros; ring); rewrite sum_delta by assumption; "
        f"{_SOFTMAX}]",
    ),
    "cross_entropy_hessian": (
        "intros d_n a_z a_y i_i i_j Hn [_ Hy] Hi Hj; split; [intros t; eexists; apply d_cross_entropy_upd; assumption|"
        "apply (d_same (fun t => softmax d_n (upd1 a_z i_j t) i_i * sum d_n a_y - a_y i_i)); "
        "[intros t; symmetry; apply is_derive_unique, d_cross_entropy_upd; assumption|"
        "eapply d_ext; [apply d_minus; [apply d_scal_r, d_softmax_upd; assumption|apply d_const]|"
        f"rewrite Hy; {_SOFTMAX}]]]",
    ),
    "logsumexp_gradient": (f"intros; eapply d_ext; [apply d_logsumexp_upd; assumption|{_SOFTMAX}]",),
    "logsumexp_hessian": (
        "intros; split; [intros t; eexists; apply d_logsumexp_upd; assumption|"
        "apply (d_same (fun t => softmax d_n (upd1 a_z i_j t) i_i)); "
        "[intros t; symmetry; apply is_derive_unique, d_logsumexp_upd; assumption|"
        f"eapply d_ext; [apply d_softmax_upd; assumption|{_SOFTMAX}]]]",
    ),
    "softmax_hessian": (
        "intros; split; [intros t; eexists; apply d_softmax_upd; assumption|"
        "apply (d_same (fun t => softmax d_n (upd1 a_z i_q t) i_i * "
        "(delta i_i i_j - softmax d_n (upd1 a_z i_q t) i_j))); "
        "[intros t; symmetry; apply is_derive_unique, d_softmax_upd; assumption|"
        "eapply d_ext; [apply d_mult; [apply d_softmax_upd; assumption|"
        "apply d_minus; [apply d_const|apply d_softmax_upd; assumption]]|"
        f"at_point; {_SOFTMAX}]]]",
    ),
    "softmax_sum": ("intros; apply (softmax_sum d_n a_z); assumption",),
    "softmax_psd": (
        "intros; split; [intros; eexists; apply d_softmax_upd; assumption|"
        "rewrite (sum_ext d_n _ (fun i => a_v i * sum d_n (fun j => softmax d_n a_z i * "
        "(delta i j - softmax d_n a_z j) * a_v j))) by (intros; f_equal; apply sum_ext; intros; f_equal; "
        "apply is_derive_unique, d_softmax_upd; assumption); "
        "apply variance, softmax_sum; assumption]",
        "intros; apply Rabs_pos_eq, sum_nonneg; intros; apply Rmult_le_pos; [apply pow2_ge_0|"
        "left; apply softmax_positive; assumption]",
    ),
    "softmax_row_sums": (
        "intros; split; [intros; eexists; apply d_softmax_upd; assumption|"
        "rewrite (sum_ext d_n _ (fun j => softmax d_n a_z i_i * (delta i_i j - softmax d_n a_z j))) "
        "by (intros; apply is_derive_unique, d_softmax_upd; assumption); "
        "rewrite sum_scal_l, sum_minus, sum_delta_one, softmax_sum by assumption; ring]",
    ),
    "softmax_shift": ("intros; apply (softmax_shift d_n a_z a_c i_i)",),
    "softmax_symmetry": (
        "intros; split; [eexists; apply d_softmax_upd; assumption|"
        "eapply d_ext; [apply d_softmax_upd; assumption|"
        "symmetry; etransitivity; [apply is_derive_unique, d_softmax_upd; assumption|"
        "rewrite (delta_sym i_j i_i); pose proof (delta_subst i_i i_j (softmax d_n a_z)); lra]]]",
    ),
    "sigmoid_derivative": ("intros; eapply d_ext; [unfold f_sigma; derive|unfold f_sigma; ring]",),
    "softplus_derivative": (
        "intros; pose proof (exp_pos a_x); eapply d_ext; [derive; lra|"
        "unfold f_sigma; replace (- 1 * a_x) with (- a_x) by ring; rewrite exp_Ropp; cbv beta; field; lra]",
    ),
    "tanh_derivative": (
        "intros; pose proof (exp_pos a_x); pose proof (exp_pos (- 1 * a_x)); "
        "eapply d_ext; [unfold f_t; derive; lra|unfold f_t; cbv beta; field; lra]",
        "intros; unfold f_t, tanh, sinh, cosh; replace (- 1 * a_x) with (- a_x) by ring; "
        "pose proof (exp_pos a_x); pose proof (exp_pos (- a_x)); field; lra",
    ),
    "squared_error_gradient": (
        "intros; eapply d_ext; [unfold f_L; derive|at_point; "
        "rewrite (sum_ext _ _ (fun k => (2 * (a_p k + - 1 * a_t k)) * delta k i_j)) by (intros; simpl; ring); "
        "rewrite sum_delta_r by assumption; ring]",
    ),
    "l2_gradient": ("intros; eapply d_ext; [unfold f_R; apply d_scal, d_squares; [assumption..|reflexivity]|field]",),
    "affine_gradients": (
        "intros; eapply d_ext; [unfold f_f, f_o; derive|at_point; rewrite sum_swap; apply sum_ext; intros m Hm; "
        "rewrite (sum_ext _ _ (fun c => a_G m c * a_X m i_q * delta c i_r)); "
        "[apply (sum_delta_r _ i_r (fun c => a_G m c * a_X m i_q)); assumption|intros c Hc; "
        "rewrite (sum_ext _ _ (fun d => delta c i_r * a_X m d * delta d i_q)) by (intros; ring); "
        "rewrite (sum_delta_r _ i_q (fun d => delta c i_r * a_X m d)) by assumption; ring]]",
        "intros; eapply d_ext; [unfold f_f, f_o; derive|at_point; rewrite sum_swap; apply sum_ext; intros m Hm; "
        "rewrite (sum_ext _ _ (fun c => a_G m c * delta c i_r)); "
        "[apply sum_delta_r; assumption|intros c Hc; ring]]",
        "intros; eapply d_ext; [unfold f_f, f_o; derive|at_point; rewrite sum_swap; "
        "rewrite (sum_ext d_N _ (fun m => sum d_C (fun c => a_G m c * a_W i_q c) * delta m i_n)); "
        "[apply (sum_delta_r _ i_n (fun m => sum d_C (fun c => a_G m c * a_W i_q c))); assumption|"
        "intros m Hm; rewrite <- sum_scal_r; apply sum_ext; intros c Hc; "
        "rewrite (sum_ext _ _ (fun d => delta m i_n * a_W d c * delta d i_q)) by (intros; ring); "
        "rewrite (sum_delta_r _ i_q (fun d => delta m i_n * a_W d c)) by assumption; ring]]",
    ),
    "perceptron_sign": (_SCORE.format(sign="-"), _SCORE.format(sign="")),
    "two_layer_output": (
        "intros; eapply d_ext; [apply (d_mean_cross_entropy d_N d_C (fun t => upd2 a_o i_n i_e t)); "
        "[assumption..|intros; apply d_upd2]|at_point; "
        "rewrite (sum_swap d_N d_C); rewrite (sum_delta_pair d_N d_C i_n i_e (fun m c => "
        "(softmax d_C (a_o m) c + - 1 * a_y m c) * / INR d_N)) by assumption; reflexivity]",
    ),
    "two_layer_hidden": (
        "intros; eapply d_ext; [apply (d_two_layers d_N d_C d_H (fun t => upd2 a_a i_n i_g t)); "
        "[assumption..|intros; apply d_upd2]|at_point; rewrite sum_swap; "
        "rewrite (sum_delta_pair d_N d_H i_n i_g) by assumption; reflexivity]",
    ),
    "two_layer_w1": (
        "intros; eapply d_ext; [apply d_plus; [apply (d_two_layers d_N d_C d_H "
        "(fun t => f_a d_D a_X (upd2 a_W1 i_q i_g t) a_b1)); [assumption..|intros; apply d_affine_weight; assumption]|"
        "unfold f_R; apply d_scal, d_plus; [apply d_squares; [assumption..|reflexivity]|apply d_const]]|at_point; "
        "rewrite (sum_ext d_N _ (fun m => a_X m i_q * f_v d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 a_b2 a_y m i_g)); "
        "[field|intros m Hm; rewrite <- (sum_delta_r d_H i_g (fun h => a_X m i_q * f_v d_C d_D d_H d_N a_X a_W1 a_b1 "
        "a_W2 a_b2 a_y m h)) by assumption; apply sum_ext; intros h Hh; "
        "change (f_v d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 a_b2 a_y m h) with (hidden_error d_C (f_a d_D a_X a_W1 a_b1) "
        "a_W2 (output_error d_N d_C (logits d_H (f_a d_D a_X a_W1 a_b1) a_W2 a_b2) a_y) m h); ring]]",
    ),
    "two_layer_b1": (
        "intros; eapply d_ext; [apply d_plus; [apply (d_two_layers d_N d_C d_H "
        "(fun t => f_a d_D a_X a_W1 (upd1 a_b1 i_g t))); [assumption..|intros; apply d_affine_bias]|apply d_const]|"
        "at_point; rewrite Rplus_0_r; apply sum_ext; intros m Hm; rewrite sum_delta_r by assumption; reflexivity]",
    ),
    "two_layer_x": (
        "intros; eapply d_ext; [apply d_plus; [apply (d_two_layers d_N d_C d_H "
        "(fun t => f_a d_D (upd2 a_X i_n i_q t) a_W1 a_b1)); [assumption..|intros; apply d_affine_input; assumption]|"
        "apply d_const]|at_point; rewrite Rplus_0_r; rewrite (sum_swap d_N); apply sum_ext; intros h Hh; "
        "rewrite (sum_ext d_N _ (fun m => a_W1 i_q h * f_v d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 a_b2 a_y m h * "
        "delta m i_n)); [rewrite (sum_delta_r d_N i_n (fun m => a_W1 i_q h * f_v d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 "
        "a_b2 a_y m h)) by assumption; reflexivity|intros m Hm; "
        "change (f_v d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 a_b2 a_y m h) with (hidden_error d_C (f_a d_D a_X a_W1 a_b1) "
        "a_W2 (output_error d_N d_C (logits d_H (f_a d_D a_X a_W1 a_b1) a_W2 a_b2) a_y) m h); ring]]",
    ),
    "two_layer_b2": (
        "intros; eapply d_ext; [apply d_plus; [apply (d_mean_cross_entropy d_N d_C "
        "(fun t => f_o d_D d_H a_X a_W1 a_b1 a_W2 (upd1 a_b2 i_e t)) a_y (fun m c => delta c i_e)); [assumption..|"
        "intros; eapply d_ext; [unfold f_o; derive|ring]]|apply d_const]|at_point; rewrite Rplus_0_r; "
        "apply sum_ext; intros m Hm; rewrite sum_delta_r by assumption; reflexivity]",
    ),
    "two_layer_w2": (
        "intros; eapply d_ext; [apply d_plus; [apply (d_mean_cross_entropy d_N d_C "
        "(fun t => f_o d_D d_H a_X a_W1 a_b1 (upd2 a_W2 i_g i_e t) a_b2) a_y "
        "(fun m c => f_r d_D a_X a_W1 a_b1 m i_g * delta c i_e)); [assumption..|intros m Hm c Hc; "
        "eapply d_ext; [unfold f_o; derive|cbv beta; "
        "rewrite (sum_ext _ _ (fun h => f_r d_D a_X a_W1 a_b1 m h * delta c i_e * delta h i_g)) by (intros; ring); "
        "rewrite (sum_delta_r _ i_g (fun h => f_r d_D a_X a_W1 a_b1 m h * delta c i_e)) by assumption; ring]]|"
        "unfold f_R; apply d_scal, d_plus; [apply d_const|apply d_squares; [assumption..|reflexivity]]]|at_point; "
        "rewrite (sum_ext d_N _ (fun m => f_r d_D a_X a_W1 a_b1 m i_g * f_u d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 a_b2 "
        "a_y m i_e)); [field|intros m Hm; rewrite <- (sum_delta_r d_C i_e (fun c => f_r d_D a_X a_W1 a_b1 m i_g * f_u "
        "d_C d_D d_H d_N a_X a_W1 a_b1 a_W2 a_b2 a_y m c)) by assumption; apply sum_ext; intros c Hc; "
        "unfold f_u; change (softmax d_C (f_o d_D d_H a_X a_W1 a_b1 a_W2 a_b2 m) c) with "
        "(f_p d_C d_D d_H a_X a_W1 a_b1 a_W2 a_b2 m c); ring]]",
    ),
    "silu_derivative": ("intros; eapply d_ext; [unfold f_sigma; derive|unfold f_sigma; ring]",),
    "gelu_derivative": (
        "intros; eapply d_ext; [unfold f_u; derive|unfold f_u; cbv beta; "
        "replace (INR 3) with 3 by (simpl; ring); simpl Nat.pred; field]",
    ),
    "layer_norm_jacobian": (
        "intros; pose proof (sum_centred d_n a_x H) as Z; "
        "eapply d_ext; [apply (d_normal d_n (fun t k => upd1 a_x i_j t k + - 1 * f_mu d_n (upd1 a_x i_j t)) "
        "(fun k => delta k i_j + - 1 * / INR d_n)); [assumption..|intros k Hk; eapply d_ext; "
        "[unfold f_mu; derive|rewrite (sum_ext _ _ (fun l => 1 * delta l i_j)) by (intros; ring); "
        "rewrite (sum_delta_r _ i_j (fun _ => 1)) by assumption; ring]]|at_point; "
        "change (fun k => a_x k + - 1 * f_mu d_n a_x) with "
        "(fun k => a_x k + - 1 * (sum d_n (fun l => a_x l) * / INR d_n)); "
        "change (inv_sqrt (spread d_n _ a_eps)) with (f_r d_n a_x a_eps); "
        "rewrite (sum_ext d_n _ (fun k => f_h d_n a_x a_eps k * delta k i_j + - 1 * / INR d_n * f_r d_n a_x a_eps * "
        "(a_x k + - 1 * (sum d_n (fun l => a_x l) * / INR d_n)))) by (intros; unfold f_h, f_mu; ring); "
        "rewrite sum_plus, sum_scal_l, Z, sum_delta_r by assumption; unfold f_h; ring]",
    ),
    "rms_norm_jacobian": (
        "intros; eapply d_ext; [apply (d_normal d_n (fun t => upd1 a_x i_j t)); [assumption..|derive]|at_point; "
        "change (inv_sqrt (spread d_n a_x a_eps)) with (f_r d_n a_x a_eps); "
        "rewrite sum_delta_r by assumption; unfold f_h; ring]",
    ),
    "attention_gradients": (
        "intros; eapply d_ext; [apply (d_attention d_T d_S d_E (fun u => f_a d_D (upd2 a_Q i_t i_d u) a_K) a_V a_G "
        "(fun t s => delta t i_t * (a_K s i_d * inv_sqrt (INR d_D)))); [assumption|intros t Ht s Hs; eapply d_ext; "
        "[unfold f_a; derive|cbv beta; "
        "rewrite (sum_ext _ _ (fun d => delta t i_t * a_K s d * delta d i_d)) by (intros; ring); "
        "rewrite (sum_delta_r _ i_d (fun d => delta t i_t * a_K s d)) by assumption; ring]]|at_point; "
        "rewrite (sum_ext d_T _ (fun t => sum d_S (fun s => f_A d_D d_E d_S a_Q a_K a_V a_G t s * a_K s i_d) * "
        "inv_sqrt (INR d_D) * delta t i_t)); [apply (sum_delta_r d_T i_t (fun t => sum d_S (fun s => "
        "f_A d_D d_E d_S a_Q a_K a_V a_G t s * a_K s i_d) * inv_sqrt (INR d_D))); assumption|"
        "intros t Ht; rewrite <- !sum_scal_r; apply sum_ext; intros s Hs; "
        "change (score_error d_S d_E _ a_V a_G t s) with (f_A d_D d_E d_S a_Q a_K a_V a_G t s); ring]]",
        "intros; eapply d_ext; [apply (d_attention d_T d_S d_E (fun u => f_a d_D a_Q (upd2 a_K i_s i_d u)) a_V a_G "
        "(fun t s => a_Q t i_d * inv_sqrt (INR d_D) * delta s i_s)); [assumption|intros t Ht s Hs; eapply d_ext; "
        "[unfold f_a; derive|cbv beta; "
        "rewrite (sum_ext _ _ (fun d => a_Q t d * delta s i_s * delta d i_d)) by (intros; ring); "
        "rewrite (sum_delta_r _ i_d (fun d => a_Q t d * delta s i_s)) by assumption; ring]]|at_point; "
        "rewrite <- sum_scal_r; apply sum_ext; intros t Ht; "
        "rewrite <- (sum_delta_r d_S i_s (fun s => f_A d_D d_E d_S a_Q a_K a_V a_G t s * a_Q t i_d * "
        "inv_sqrt (INR d_D))) by assumption; apply sum_ext; intros s Hs; "
        "change (score_error d_S d_E _ a_V a_G t s) with (f_A d_D d_E d_S a_Q a_K a_V a_G t s); ring]",
        "intros; eapply d_ext; [unfold f_f, f_o; derive|at_point; apply sum_ext; intros t Ht; "
        "rewrite (sum_ext d_E _ (fun e => f_p d_D d_S a_Q a_K t i_s * a_G t e * delta e i_e)); "
        "[apply (sum_delta_r d_E i_e (fun e => f_p d_D d_S a_Q a_K t i_s * a_G t e)); assumption|intros e He; "
        "rewrite (sum_ext d_S _ (fun s => f_p d_D d_S a_Q a_K t s * delta e i_e * delta s i_s)) by (intros; ring); "
        "rewrite (sum_delta_r d_S i_s (fun s => f_p d_D d_S a_Q a_K t s * delta e i_e)) by assumption; ring]]",
    ),
    "collapse_threshold": COLLAPSE,
    "novikoff": (
        "intros; rewrite (sum_ext _ _ (fun d => a_u d * a_v d + (a_r * a_s) * (a_u d * a_z d))) by (intros; ring); "
        "rewrite sum_plus, sum_scal_l; ring",
        "intros; rewrite (sum_ext _ _ (fun d => a_v d * a_v d + (2 * a_r * a_s * (a_v d * a_z d) + "
        "a_r * a_r * a_s * a_s * (a_z d * a_z d)))) by (intros; ring); rewrite !sum_plus, !sum_scal_l; ring",
        "intros; rewrite (sum_ext d_D (fun d => sum d_D _) "
        "(fun d => (a_u d * a_u d) * sum d_D (fun e => a_v e * a_v e) "
        "+ ((a_u d * a_v d) * (- 2 * sum d_D (fun e => a_u e * a_v e)) + (a_v d * a_v d) * "
        "sum d_D (fun e => a_u e * a_u e)))); [rewrite !sum_plus, !sum_scal_r; field|intros d Hd; "
        "rewrite (sum_ext d_D _ (fun e => (a_u d * a_u d) * (a_v e * a_v e) + ((- 2 * (a_u d * a_v d)) * "
        "(a_u e * a_v e) + (a_v d * a_v d) * (a_u e * a_u e)))) by (intros; ring); "
        "rewrite !sum_plus, !sum_scal_l; ring]",
    ),
}
