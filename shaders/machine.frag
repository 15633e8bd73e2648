// SPDX-License-Identifier: Apache-2.0
in vec3 v_normal;
in vec3 v_shadow;
in vec2 v_open;
flat in vec4 v_colour;

uniform mediump sampler2DShadow u_shadow;
uniform highp sampler2D u_depth; // of the still picture, for rotors
uniform float u_turning;
uniform vec3 u_light;
uniform float u_shadow_step; // of a texel, 0: no shadow map
uniform vec4 u_shade;        // ambient, sky, key, occlusion
uniform vec4 u_hatch;        // colour, strength
uniform float u_pixel;

out vec4 o_colour;

float
lit ()
{
  float sum = 0.0;

  if (u_shadow_step <= 0.0)
    return 1.0;
  sum += texture (u_shadow, v_shadow + vec3 (-0.7, -0.3, 0.0) * u_shadow_step);
  sum += texture (u_shadow, v_shadow + vec3 (0.3, -0.7, 0.0) * u_shadow_step);
  sum += texture (u_shadow, v_shadow + vec3 (0.7, 0.3, 0.0) * u_shadow_step);
  sum += texture (u_shadow, v_shadow + vec3 (-0.3, 0.7, 0.0) * u_shadow_step);
  return sum * 0.25;
}

void
main ()
{
  vec3  normal = normalize (v_normal);
  float key = max (0.0, dot (normal, u_light));
  float open, light, stripe;
  vec3  colour;

  if (u_turning > 0.5
      && gl_FragCoord.z > texelFetch (u_depth, ivec2 (gl_FragCoord.xy), 0).r)
    discard;
  if (key > 0.0)
    key *= lit ();
  open = mix (1.0, v_open.x, u_shade.w);
  light = (u_shade.x + u_shade.y * normal.y) * open + u_shade.z * key;
  colour = v_colour.rgb * light;
  if (v_colour.a > 0.5)
    {
      stripe = fract ((gl_FragCoord.x + gl_FragCoord.y)
                      / (9.0 * 1.41421 * u_pixel));
      stripe = smoothstep (0.0, 0.08, stripe)
               - smoothstep (0.38, 0.46, stripe);
      colour = mix (colour, u_hatch.rgb * (0.5 + 0.5 * light),
                    stripe * u_hatch.a);
    }
  o_colour = vec4 (colour, 1.0);
}
