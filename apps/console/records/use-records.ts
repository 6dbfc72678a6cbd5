import { useMutation } from '@tanstack/react-query'

import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { GlassWish, Reading, Records } from './words.ts'

/** Asked once for every press: each look is written down, and nothing is looked at again by itself. */
export const useReading = (hospitalId: number) =>
  useMutation<Records, unknown, Reading>({
    mutationFn: async (body) => {
      const { data, error } = await api.client.POST('/v1/hospitals/{hospitalId}/record-readings', {
        params: { path: { hospitalId } },
        body,
      })
      if (error) throw error
      return data
    },
    gcTime: 0,
  })

export const useBreakGlass = (hospitalId: number, done: Done) =>
  useChange<GlassWish>(
    (body) =>
      // Nothing of the person is in the name that the browser keeps.
      underKey('break-glass', async (key) => {
        const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/broken-glasses', {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body,
        })
        if (error) throw error
      }),
    done,
  )

export type Verdict = { id: string; verdict: 'justified' | 'abuse'; note: string }

export const useReview = (hospitalId: number, done: Done) =>
  useChange<Verdict>(async ({ id, verdict, note }) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/broken-glasses/{id}/review',
      {
        params: { path: { hospitalId, id } },
        body: note === '' ? { verdict } : { verdict, note },
      },
    )
    if (error) throw error
  }, done)

export const useAnswer = (hospitalId: number, done: Done) =>
  useChange<{ id: string; answer: string }>(async ({ id, answer }) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/record-questions/{id}/answer',
      { params: { path: { hospitalId, id } }, body: { answer } },
    )
    if (error) throw error
  }, done)
