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

void
twin_gpu_mesh_init (TwinGpuMesh *gpu, const TwinMesh *mesh)
{
  *gpu = (TwinGpuMesh){ 0 };
  if (mesh->vertices->len == 0)
    return;
  glGenBuffers (3, gpu->buffers);
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
  gpu->n_ends = (GLsizei) mesh->edges->len;
  if (gpu->n_ends == 0)
    return;
  glGenVertexArrays (1, &gpu->lines);
  glBindVertexArray (gpu->lines);
  buffer (gpu->buffers[2], GL_ARRAY_BUFFER, mesh->edges, sizeof (TwinMeshEdge));
  position (sizeof (TwinMeshEdge));
  bytes (1, TRUE, sizeof (TwinMeshEdge), offsetof (TwinMeshEdge, normal_a));
  bytes (2, TRUE, sizeof (TwinMeshEdge), offsetof (TwinMeshEdge, normal_b));
  instanced ();
}

void
twin_gpu_mesh_clear (TwinGpuMesh *gpu)
{
  glDeleteVertexArrays (1, &gpu->surface);
  glDeleteVertexArrays (1, &gpu->lines);
  glDeleteBuffers (3, gpu->buffers);
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
  gsize         start = batch.first * sizeof (TwinGpuInstance);

  if (batch.count == 0 || (lines ? gpu->n_ends : gpu->n_indices) == 0)
    return;
  glBindVertexArray (lines ? gpu->lines : gpu->surface);
  glBindBuffer (GL_ARRAY_BUFFER, instances);
  glVertexAttribPointer (4, 4, GL_FLOAT, GL_FALSE, stride,
                         (const void *) (start +
                                         offsetof (TwinGpuInstance, place)));
  glVertexAttribPointer (5, 2, GL_FLOAT, GL_FALSE, stride,
                         (const void *) (start +
                                         offsetof (TwinGpuInstance, rotor)));
  glVertexAttribIPointer (6, 4, GL_UNSIGNED_BYTE, stride,
                          (const void *) (start +
                                          offsetof (TwinGpuInstance, look)));
  if (lines)
    glDrawArraysInstanced (GL_LINES, 0, gpu->n_ends, (GLsizei) batch.count);
  else
    glDrawElementsInstanced (GL_TRIANGLES, gpu->n_indices, GL_UNSIGNED_INT,
                             NULL, (GLsizei) batch.count);
  if (stats == NULL)
    return;
  stats->draw_calls++;
  if (!lines)
    stats->triangles += (unsigned) gpu->n_indices / 3 * batch.count;
}
