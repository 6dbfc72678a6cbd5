import type { operations } from '../../../contract/hub.d.ts'
import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'

export type NewAct = operations['proposePersonAct']['requestBody']['content']['application/json']

/** Put before a second person: to link two records, to keep them apart, or to end a link. */
export const useProposeAct = (hospitalId: number, done: Done) =>
  useChange<NewAct>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/person-index/acts', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)

export const useDecideAct = (path: { hospitalId: number; id: string }, done: Done) =>
  useChange<{ agrees: boolean; reason: string }>(async (body) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/person-index/acts/{id}/decision',
      { params: { path }, body },
    )
    if (error) throw error
  }, done)
