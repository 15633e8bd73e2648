// SPDX-License-Identifier: Apache-2.0
// A strip along an edge, as wide on the screen as asked for.
layout (location = 0) in vec3 a_position;
layout (location = 1) in vec4 a_normal_a; // w: 1 on a crease
layout (location = 2) in vec4 a_normal_b; // w: 1 for a fine edge
layout (location = 3) in vec4 a_side;     // x: 1 left, -1 right of the way
                                          // to the other end; y: of the edge
layout (location = 7) in vec3 a_other;

uniform mat4 u_view_projection;
uniform vec3 u_eye;
uniform vec2 u_fade;     // pixels a metre at distance 1; pixels at full strength
uniform vec3 u_viewport; // half width and height, px; half a line, px

flat out vec2 v_edge; // strength, 1 where dashed
out float v_across;   // px from the middle of the line

void
main ()
{
  vec3  world = instance_point (a_position);
  vec3  to_eye = u_eye - world;
  float a = dot (instance_direction (a_normal_a.xyz), to_eye);
  float b = dot (instance_direction (a_normal_b.xyz), to_eye);
  bool  crease = a_normal_a.w > 0.5 && max (a, b) > 0.0;
  bool  fine = a_normal_b.w > 0.5;
  float size = u_fade.x * a_rotor.z / length (to_eye)
               / (u_fade.y * (fine ? 3.0 : 1.0));
  vec4  here = u_view_projection * vec4 (world, 1.0);
  vec4  there = u_view_projection * vec4 (instance_point (a_other), 1.0);
  vec4  nearer = u_view_projection * vec4 (world + to_eye * 0.002, 1.0);
  vec2  way;

  v_across = 0.0;
  v_edge = vec2 (clamp (size * size, 0.0, 1.0) * (fine ? 0.7 : 1.0),
                 abs (a_colour.a - 0.5) < 0.2 ? 1.0 : 0.0);
  if ((!crease && a * b > 0.0) || (here.w < 0.05 && there.w < 0.05)
      || v_edge.x < 0.02)
    {
      gl_Position = vec4 (2.0, 2.0, 2.0, 1.0); // out of sight, all corners
      return;
    }
  // An end behind the eye is brought before it.
  if (here.w < 0.05)
    nearer = here = mix (here, there, (0.05 - here.w) / (there.w - here.w));
  if (there.w < 0.05)
    there = mix (there, here, (0.05 - there.w) / (here.w - there.w));
  way = (there.xy / there.w - here.xy / here.w) * u_viewport.xy;
  way = normalize (way + vec2 (1e-6, 0.0));
  // A pixel more on either side, for the fragment shader to fade in.
  v_across = a_side.y * (u_viewport.z + 1.0);
  here.xy += vec2 (-way.y, way.x) * a_side.x * (u_viewport.z + 1.0)
             / u_viewport.xy * here.w;
  here.z = nearer.z / nearer.w * here.w;
  gl_Position = here;
}
