/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-renderer-private.h"

#include <stddef.h>

static void
buffer (GLuint name, GLenum target, const GArray *array, gsize element)
{
  glBindBuffer (target, name);
  glBufferData (target, (GLsizeiptr) (array->len * element), array->data,
                GL_STATIC_DRAW);
}

static void
bytes (GLuint at, gboolean is_signed, GLsizei stride, gsize offset)
{
  glEnableVertexAttribArray (at);
  glVertexAttribPointer (at, 4, is_signed ? GL_BYTE : GL_UNSIGNED_BYTE, GL_TRUE,
                         stride, (const void *) offset);
}

static void
position (GLsizei stride)
{
  glEnableVertexAttribArray (0);
  glVertexAttribPointer (0, 3, GL_FLOAT, GL_FALSE, stride, NULL);
}

static void
instanced (void)
{
  for (GLuint at = 4; at < 7; at++)
    {
      glEnableVertexAttribArray (at);
      glVertexAttribDivisor (at, 1);
    }
}

static void
add_edges (TwinGpuMesh *gpu, const TwinMesh *mesh)
{
  const GLsizei        stride = sizeof (TwinMeshEdge);
  g_autofree uint32_t *indices = g_new (uint32_t, mesh->edges->len / 4 * 6);

  for (unsigned edge = 0; edge < mesh->edges->len / 4; edge++)
    {
      static const uint8_t order[6] = { 0, 1, 2, 2, 1, 3 };

      for (int i = 0; i < 6; i++)
        indices[6 * edge + i] = 4 * edge + order[i];
    }
  gpu->n_edge_indices = (GLsizei) (mesh->edges->len / 4 * 6);
  glGenVertexArrays (1, &gpu->lines);
  glBindVertexArray (gpu->lines);
  buffer (gpu->buffers[2], GL_ARRAY_BUFFER, mesh->edges, sizeof (TwinMeshEdge));
  glBindBuffer (GL_ELEMENT_ARRAY_BUFFER, gpu->buffers[3]);
  glBufferData (GL_ELEMENT_ARRAY_BUFFER,
                (GLsizeiptr) (gpu->n_edge_indices * sizeof *indices), indices,
                GL_STATIC_DRAW);
  position (stride);
  bytes (1, TRUE, stride, offsetof (TwinMeshEdge, normal_a));
  bytes (2, TRUE, stride, offsetof (TwinMeshEdge, normal_b));
  bytes (3, TRUE, stride, offsetof (TwinMeshEdge, side));
  glEnableVertexAttribArray (7);
  glVertexAttribPointer (7, 3, GL_FLOAT, GL_FALSE, stride,
                         (const void *) offsetof (TwinMeshEdge, other));
  instanced ();
}

void
twin_gpu_mesh_init (TwinGpuMesh *gpu, const TwinMesh *mesh)
{
  *gpu = (TwinGpuMesh){ 0 };
  if (mesh->vertices->len == 0)
    return;
  glGenBuffers (4, gpu->buffers);
  glGenVertexArrays (1, &gpu->surface);
  glBindVertexArray (gpu->surface);
  buffer (gpu->buffers[0], GL_ARRAY_BUFFER, mesh->vertices,
          sizeof (TwinMeshVertex));
  buffer (gpu->buffers[1], GL_ELEMENT_ARRAY_BUFFER, mesh->indices,
          sizeof (uint32_t));
  position (sizeof (TwinMeshVertex));
  bytes (1, TRUE, sizeof (TwinMeshVertex), offsetof (TwinMeshVertex, normal));
  bytes (2, FALSE, sizeof (TwinMeshVertex), offsetof (TwinMeshVertex, look));
  instanced ();
  gpu->n_indices = (GLsizei) mesh->indices->len;
  if (mesh->edges->len == 0)
    return;
  add_edges (gpu, mesh);
}

void
twin_gpu_mesh_clear (TwinGpuMesh *gpu)
{
  glDeleteVertexArrays (1, &gpu->surface);
  glDeleteVertexArrays (1, &gpu->lines);
  glDeleteBuffers (4, gpu->buffers);
  *gpu = (TwinGpuMesh){ 0 };
}

void
twin_gpu_mesh_draw (const TwinGpuMesh *gpu,
                    GLuint             instances,
                    TwinBatch          batch,
                    gboolean           lines,
                    TwinSceneStats    *stats)
{
  const GLsizei stride = sizeof (TwinGpuInstance);
  GLsizei       n_indices = lines ? gpu->n_edge_indices : gpu->n_indices;
  gsize         start = batch.first * sizeof (TwinGpuInstance);

  if (batch.count == 0 || n_indices == 0)
    return;
  glBindVertexArray (lines ? gpu->lines : gpu->surface);
  glBindBuffer (GL_ARRAY_BUFFER, instances);
  glVertexAttribPointer (4, 4, GL_FLOAT, GL_FALSE, stride,
                         (const void *) (start +
                                         offsetof (TwinGpuInstance, place)));
  glVertexAttribPointer (5, 3, GL_FLOAT, GL_FALSE, stride,
                         (const void *) (start +
                                         offsetof (TwinGpuInstance, rotor)));
  glVertexAttribPointer (6, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride,
                         (const void *) (start +
                                         offsetof (TwinGpuInstance, colour)));
  glDrawElementsInstanced (GL_TRIANGLES, n_indices, GL_UNSIGNED_INT, NULL,
                           (GLsizei) batch.count);
  if (stats == NULL)
    return;
  stats->draw_calls++;
  if (!lines)
    stats->triangles += (unsigned) gpu->n_indices / 3 * batch.count;
}
