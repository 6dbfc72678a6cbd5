import { useMutation } from '@tanstack/react-query'

import { api } from '../api.ts'
import type { Holder, Kind, Presented } from './words.ts'

const MEDIA = '/v1/hospitals/{hospitalId}/persons/{personId}/media'

/** Asked once for every press: that a card was looked up is written down. */
export const usePresented = (hospitalId: number) =>
  useMutation<Holder, unknown, Presented>({
    mutationFn: async (body) => {
      const { data, error } = await api.client.POST('/v1/hospitals/{hospitalId}/media/presented', {
        params: { path: { hospitalId } },
        body,
      })
      if (error) throw error
      return data
    },
    gcTime: 0,
  })

/** What a desk does: bind another; or with one that is there, end, report lost or replace it. */
export type MediumAct =
  | { act: 'bind'; kind: Kind; value: string; reason: string }
  | { act: 'end' | 'loss'; id: string; reason: string }
  | { act: 'replacement'; id: string; value: string; reason: string }

/** After the password, where the hub asks for it. */
export const useMediumAct = (hospitalId: number, personId: string) =>
  useMutation<void, unknown, { wish: MediumAct; password: string }>({
    mutationFn: async ({ wish, password }) => {
      if (password !== '') {
        const { error } = await api.client.POST('/v1/sessions/current/proof', {
          body: { password },
        })
        if (error) throw error
      }
      const { error } = await send({ hospitalId, personId }, wish)
      if (error) throw error
    },
  })

type Of = { hospitalId: number; personId: string }

function send(of: Of, wish: MediumAct): Promise<{ error?: unknown }> {
  const { reason } = wish
  if (wish.act === 'bind') {
    const { kind, value } = wish
    return api.client.POST(MEDIA, { params: { path: of }, body: { kind, value, reason } })
  }
  const path = { ...of, id: wish.id }
  if (wish.act === 'replacement') {
    const body = { value: wish.value, reason }
    return api.client.POST(`${MEDIA}/{id}/replacement`, { params: { path }, body })
  }
  return api.client.POST(`${MEDIA}/{id}/${wish.act}`, { params: { path }, body: { reason } })
}
