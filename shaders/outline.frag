// SPDX-License-Identifier: Apache-2.0
// An ink ring and a paper halo around what the mask covers.
uniform sampler2D u_mask;
uniform vec4 u_ink;
uniform vec4 u_paper;
uniform float u_pixel;
uniform vec2 u_size;

out vec4 o_colour;

float
covered (float radius)
{
  float most = 0.0;

  for (int i = 0; i < 16; i++)
    {
      float angle = float (i) * 0.3926991;
      vec2  at = gl_FragCoord.xy + radius * vec2 (cos (angle), sin (angle));

      most = max (most, texture (u_mask, at / u_size).r);
    }
  return most;
}

void
main ()
{
  float inside = texture (u_mask, gl_FragCoord.xy / u_size).r;
  float ink = max (covered (1.0 * u_pixel), covered (2.0 * u_pixel));
  float paper = max (ink, covered (3.5 * u_pixel));
  float alpha = paper * (1.0 - inside);

  if (alpha <= 0.0)
    discard;
  o_colour = vec4 (mix (u_paper.rgb, u_ink.rgb, ink),
                   alpha * mix (u_paper.a, u_ink.a, ink));
}
