// SPDX-License-Identifier: Apache-2.0
in vec3 v_normal;
in vec3 v_shadow;
in vec2 v_light;
flat in vec4 v_colour;

uniform mediump sampler2DShadow u_shadow;
// COARSE: a machine of a few pixels, lit at its corners, one shadow sample.
#ifdef ROTOR
uniform highp sampler2D u_depth; // of the still picture
#endif
uniform vec3 u_light;
uniform float u_shadow_step; // of a texel, 0: no shadow map
uniform vec4 u_shade;        // ambient, sky, key, occlusion
uniform vec4 u_hatch;        // colour, strength
uniform float u_pixel;

out vec4 o_colour;

float
lit ()
{
#ifdef COARSE
  return texture (u_shadow, v_shadow);
#else
  float sum = 0.0;

  sum += texture (u_shadow, v_shadow + vec3 (-0.7, -0.3, 0.0) * u_shadow_step);
  sum += texture (u_shadow, v_shadow + vec3 (0.3, -0.7, 0.0) * u_shadow_step);
  sum += texture (u_shadow, v_shadow + vec3 (0.7, 0.3, 0.0) * u_shadow_step);
  sum += texture (u_shadow, v_shadow + vec3 (-0.3, 0.7, 0.0) * u_shadow_step);
  return sum * 0.25;
#endif
}

float
light ()
{
#ifdef COARSE
  return v_light.x + v_light.y * lit ();
#else
  vec3  normal = normalize (v_normal);
  float key = max (0.0, dot (normal, u_light));
  float open = mix (1.0, v_light.x, u_shade.w);

  if (key > 0.0)
    key *= lit ();
  return (u_shade.x + u_shade.y * normal.y) * open + u_shade.z * key;
#endif
}

void
main ()
{
  float bright, stripe;
  vec3  colour;

#ifdef ROTOR
  if (gl_FragCoord.z > texelFetch (u_depth, ivec2 (gl_FragCoord.xy), 0).r)
    discard;
#endif
  bright = light ();
  colour = v_colour.rgb * bright;
  if (v_colour.a > 0.5)
    {
      stripe = fract ((gl_FragCoord.x + gl_FragCoord.y)
                      / (9.0 * 1.41421 * u_pixel));
      stripe = smoothstep (0.0, 0.08, stripe)
               - smoothstep (0.38, 0.46, stripe);
      colour = mix (colour, u_hatch.rgb * (0.5 + 0.5 * bright),
                    stripe * u_hatch.a);
    }
  o_colour = vec4 (colour, 1.0);
}
