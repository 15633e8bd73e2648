// SPDX-License-Identifier: Apache-2.0
// One direction of a Gaussian of 13 samples, three standard deviations wide.
in vec2 v_uv;

uniform sampler2D u_source;
uniform vec2 u_step;

out vec4 o_colour;

void
main ()
{
  vec4  sum = vec4 (0.0);
  float total = 0.0;

  for (int i = -6; i <= 6; i++)
    {
      float weight = exp (-float (i * i) / 8.0);

      sum += texture (u_source, v_uv + u_step * float (i)) * weight;
      total += weight;
    }
  o_colour = sum / total;
}
