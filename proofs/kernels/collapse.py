"""The proofs in Coq of the theorem collapse_threshold: derivatives along a line for every t, and values at t = 0.

Each builds the derivative, or the value, layer by layer: r, o, p, u, v are the network's, a letter after d its
derivative by t, a name after H the hypothesis that says what it is.
"""

from __future__ import annotations

_BY_T = """
intros;
assert (Hr : forall m h, is_derive (fun t => f_r a_alpha a_z t m h) a_t (f_dr a_alpha a_z a_t m h))
  by (intros m h; unfold f_r, f_a; eapply d_ext; [derive|unfold f_dr, f_r, f_a, f_da; cbv beta; ring]);
assert (Ho : forall m c, is_derive (fun t => f_o d_H a_b2 a_psi a_alpha a_z t m c) a_t
    (f_do d_H a_psi a_alpha a_z a_t m c))
  by (intros m c; unfold f_o, f_W2; eapply d_ext;
    [apply d_plus; [apply d_const|apply d_sum; intros h _; apply d_mult; [derive|apply Hr]]
    |unfold f_do, f_W2; rewrite Rplus_0_l; apply sum_ext; intros; cbv beta; ring]);
assert (Hp : forall m c, (c < d_C)%nat -> is_derive (fun t => f_p d_C d_H a_b2 a_psi a_alpha a_z t m c) a_t
    (f_dp d_C d_H a_b2 a_psi a_alpha a_z a_t m c))
  by (intros m c Hc; eapply d_ext;
    [apply (d_softmax d_C (fun t => f_o d_H a_b2 a_psi a_alpha a_z t m) (f_do d_H a_psi a_alpha a_z a_t m));
      [assumption..|intros; apply Ho]
    |unfold f_dp;
    rewrite (sum_ext d_C (fun k => f_do d_H a_psi a_alpha a_z a_t m k * f_p d_C d_H a_b2 a_psi a_alpha a_z a_t m k)
      (fun k => softmax d_C (f_o d_H a_b2 a_psi a_alpha a_z a_t m) k * f_do d_H a_psi a_alpha a_z a_t m k))
      by (intros; unfold f_p, softmax; ring); unfold f_p, softmax; ring]);
assert (Hu : forall m c, (c < d_C)%nat -> is_derive (fun t => f_u d_C d_H d_N a_b2 a_y a_psi a_alpha a_z t m c) a_t
    (f_du d_C d_H d_N a_b2 a_psi a_alpha a_z a_t m c))
  by (intros m c Hc; unfold f_u, f_du; eapply d_ext; [apply d_scal_r, d_plus; [apply Hp, Hc|apply d_const]|ring]);
"""
_HIDDEN_BY_T = """
assert (Hv : forall m h, is_derive (fun t => f_v d_C d_H d_N a_b2 a_y a_psi a_alpha a_z t m h) a_t
    (f_dv d_C d_H d_N a_b2 a_y a_psi a_alpha a_z a_t m h))
  by (intros m h; unfold f_v, f_W2; eapply d_ext;
    [apply d_mult; [apply d_mult; [apply Hr|apply d_plus; [apply d_const|apply d_scal, Hr]]
      |apply d_sum; intros c Hc; apply d_mult; [derive|apply Hu, Hc]]
    |cbv beta; unfold f_dv, f_W2; match goal with |- _ + _ * sum ?n ?f = _ * sum _ ?g + _ =>
      rewrite (sum_ext n f g) by (intros; cbv beta; ring) end; ring]);
"""
_ROWS = "intros; assert (HN : INR d_N <> 0) by (apply not_0_INR; lia);"
_HALF = """
assert (Hr : forall m h, f_r d_D d_H a_X a_phi a_w m h = / 2)
  by (intros m h; unfold f_r, f_a, f_b1, f_W1, f_t; rewrite sum_zero by (intros; ring);
    replace (-1 * (0 + 0)) with 0 by ring; rewrite exp_0; f_equal; ring);
"""
_SHARES = """
assert (Ho : forall m c, f_o d_D d_H a_X a_b2 a_phi a_psi a_w m c = a_b2 c)
  by (intros m c; unfold f_o, f_W2, f_t; rewrite sum_zero by (intros; ring); ring);
assert (Hp : forall m c, f_p d_C d_D d_H a_X a_b2 a_phi a_psi a_w m c = f_s d_C a_b2 c)
  by (intros m c; unfold f_p, f_s; rewrite Ho; f_equal; f_equal; apply sum_ext; intros; rewrite Ho; reflexivity);
"""
_LOGITS_STAY = """
assert (Hdo : forall m c, f_do d_D d_H a_X a_phi a_psi a_w m c = 0)
  by (intros m c; unfold f_do;
    rewrite (sum_ext d_H _ (fun h => / 2 * a_psi c * (a_w h + - 1 * (sum d_H (fun l => a_w l) * / INR d_H))))
      by (intros; rewrite Hr; unfold f_W2, f_t, f_alpha; ring); rewrite sum_scal_l, sum_centred by assumption; ring);
assert (Hdu : forall m c, f_du d_C d_D d_H d_N a_X a_b2 a_phi a_psi a_w m c = 0)
  by (intros; unfold f_du, f_dp; rewrite sum_zero by (intros; rewrite Hdo; ring); rewrite Hdo; ring);
"""
_HIDDEN_ERROR = """
assert (Hdv : forall m h, f_dv d_C d_D d_H d_N a_X a_b2 a_y a_phi a_psi a_w m h =
    / 4 * f_alpha d_H a_w h * sum d_C (fun c => a_psi c * ((f_s d_C a_b2 c + - 1 * a_y m c) * / INR d_N)))
  by (intros m h; unfold f_dv; rewrite !Hr; match goal with |- _ * sum ?n ?f + _ = _ =>
    rewrite (sum_ext n f (fun c => f_alpha d_H a_w h * (a_psi c * ((f_s d_C a_b2 c + - 1 * a_y m c) * / INR d_N))))
      by (intros; cbv beta; unfold f_W2, f_t, f_u; rewrite Hp; ring) end; rewrite sum_scal_l; field);
"""
_ZERO_ERROR = "unfold f_v; rewrite sum_zero; [ring|intros; unfold f_W2, f_t; ring]"
_SUM_OF_ERRORS = """
rewrite (sum_ext d_N _ (fun m => {half}/ INR d_N * f_s d_C a_b2 i_e - {half}/ INR d_N * a_y m i_e))
  by (intros; {by}unfold f_u; rewrite Hp; ring); rewrite sum_minus, sum_const, sum_scal_l;
"""

_SCRIPTS = (
    f"""{_BY_T} {_HIDDEN_BY_T} unfold f_G1, f_dG1, f_W1; eapply d_ext;
    [apply d_plus; [derive|apply d_sum; intros m _; apply d_scal, Hv]|cbv beta; ring]""",
    f"""{_BY_T} unfold f_G2, f_dG2, f_W2; eapply d_ext;
    [apply d_plus; [derive|apply d_sum; intros m _; apply d_mult; [apply Hr|apply Hu; assumption]]
    |cbv beta; f_equal; [ring|apply sum_ext; intros; cbv beta; ring]]""",
    f"{_BY_T} {_HIDDEN_BY_T} unfold f_B1, f_dB1; apply d_sum; intros m _; apply Hv",
    f"{_BY_T} unfold f_B2, f_dB2; apply d_sum; intros m _; apply Hu; assumption",
    f"intros; unfold f_G1, f_W1, f_t; rewrite sum_zero; [ring|intros m _; {_ZERO_ERROR}]",
    f"""{_ROWS} {_HALF} {_SHARES} unfold f_G2;
    {_SUM_OF_ERRORS.format(half="/ 2 * ", by="rewrite Hr; ")} unfold f_W2, f_t; field; exact HN""",
    f"intros; unfold f_B1; apply sum_zero; intros m _; {_ZERO_ERROR}",
    f"{_ROWS} {_SHARES} unfold f_B2; {_SUM_OF_ERRORS.format(half='', by='')} field; exact HN",
    f"""{_ROWS} {_HALF} {_SHARES} {_HIDDEN_ERROR} unfold f_dB1;
    rewrite (sum_ext d_N _ _ (fun m _ => Hdv m i_g)), sum_scal_l, sum_swap; replace (1 / 4) with (/ 4) by field;
    f_equal; apply sum_ext; intros c _; rewrite sum_scal_l, sum_scal_r, sum_plus, sum_const, sum_scal_l;
    field; exact HN""",
    f"{_ROWS} {_HALF} {_LOGITS_STAY} unfold f_dB2; apply sum_zero; intros; apply Hdu",
    f"""{_ROWS} f_equal;
    rewrite (sum_ext d_N (fun m => (a_X m i_q + - 1 * f_x_mean d_N a_X i_q) * (a_y m i_e + - 1 * f_y_mean d_N a_y i_e))
      (fun m => a_X m i_q * (a_y m i_e + - 1 * f_y_mean d_N a_y i_e)
        - f_x_mean d_N a_X i_q * (a_y m i_e - f_y_mean d_N a_y i_e))) by (intros; ring);
    rewrite (sum_minus d_N (fun m => a_X m i_q * _)), sum_scal_l, sum_minus, sum_const; unfold f_y_mean;
    field; exact HN""",
    f"""{_ROWS} {_HALF} {_SHARES} {_HIDDEN_ERROR} unfold f_dG1;
    rewrite (sum_ext d_N _ (fun m => / 4 * f_alpha d_H a_w i_g *
      sum d_C (fun c => a_X m i_q * (a_psi c * ((f_s d_C a_b2 c + - 1 * a_y m c) * / INR d_N)))))
      by (intros; rewrite Hdv, sum_scal_l; ring); rewrite sum_scal_l, sum_swap;
    rewrite (sum_ext d_C _ (fun c => - 1 * (a_psi c * f_K d_C d_N a_X a_b2 a_y i_q c)))
      by (intros c _; unfold f_K;
        rewrite (sum_ext d_N _ (fun m => - 1 * a_psi c * / INR d_N * (a_X m i_q * (a_y m c + - 1 * f_s d_C a_b2 c))))
          by (intros; ring); rewrite sum_scal_l; ring);
    rewrite sum_scal_l; unfold f_rho; field""",
    f"""{_ROWS} {_HALF} {_SHARES} {_LOGITS_STAY} unfold f_dG2;
    rewrite (sum_ext d_N _ (fun m => / 4 * f_alpha d_H a_w i_g *
      sum d_D (fun d => a_phi d * (a_X m d * ((f_s d_C a_b2 i_e + - 1 * a_y m i_e) * / INR d_N)))))
      by (intros; rewrite Hdu; unfold f_dr, f_da, f_u; rewrite Hr, Hp; match goal with |- _ = _ * sum ?n ?f =>
        rewrite (sum_ext n f (fun d => a_phi d * a_X k d * ((f_s d_C a_b2 i_e + - 1 * a_y k i_e) * / INR d_N)))
          by (intros; cbv beta; ring) end; rewrite sum_scal_r; field; exact HN); rewrite sum_scal_l, sum_swap;
    rewrite (sum_ext d_D _ (fun d => - 1 * (a_phi d * f_K d_C d_N a_X a_b2 a_y d i_e)))
      by (intros d _; unfold f_K;
        rewrite (sum_ext d_N _ (fun m => - 1 * a_phi d * / INR d_N * (a_X m d * (a_y m i_e + - 1 * f_s d_C a_b2 i_e))))
          by (intros; ring); rewrite sum_scal_l; ring);
    rewrite sum_scal_l; unfold f_tau; field""",
)
COLLAPSE = tuple(" ".join(script.split()) for script in _SCRIPTS)
