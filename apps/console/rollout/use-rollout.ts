import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Change } from './words.ts'

export const useChangeRollout = (hospitalId: number, done: Done) =>
  useChange<Change>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/rollouts', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)

export const useDecideProposal = (hospitalId: number, done: Done) =>
  useChange<{ id: string; agrees: boolean }>(async ({ id, agrees }) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/rollout-proposals/{id}/decision',
      { params: { path: { hospitalId, id } }, body: { agrees } },
    )
    if (error) throw error
  }, done)

export const useRollBack = (hospitalId: number, done: Done) =>
  useChange<{ to: number; after: number; note: string }>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/rollouts/back', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)
