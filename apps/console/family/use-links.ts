import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Decision, Ending } from './words.ts'

const LINK = '/v1/hospitals/{hospitalId}/family-links/{id}'

export const useDecide = (hospitalId: number, done: Done) =>
  useChange<Decision & { id: string }>(async ({ id, ...body }) => {
    const { error } = await api.client.POST(`${LINK}/decision`, {
      params: { path: { hospitalId, id } },
      body,
    })
    if (error) throw error
  }, done)

export const useEnd = (hospitalId: number, done: Done) =>
  useChange<Ending & { id: string }>(async ({ id, ...body }) => {
    const { error } = await api.client.POST(`${LINK}/end`, {
      params: { path: { hospitalId, id } },
      body,
    })
    if (error) throw error
  }, done)
