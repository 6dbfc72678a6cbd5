import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { components } from '../../../contract/hub.d.ts'
import { client, query } from '../api.ts'
import { useMe } from '../parts/me.ts'

export type Medium = components['schemas']['PersonMe']['media'][number]

const HISTORY = '/v1/me/media/history'

export const useMedia = () => query.useQuery('get', '/v1/me', {})
export const useHistory = () => query.useQuery('get', HISTORY, {})

/** Documents of the state are reported lost, and never given up. */
const DOCUMENTS: ReadonlySet<Medium['kind']> = new Set([
  'id_card',
  'passport',
  'hk_macao_permit',
  'taiwan_permit',
  'foreign_residence',
])

export const isDocument = ({ kind }: Medium): boolean => DOCUMENTS.has(kind)

export type OwnAct = 'loss' | 'end'

/** Reports a card lost, or gives it up. The hospital whose card it is, is told; of all others, one of the person's own. */
export function useOwnAct({ id, hospitalId }: Medium) {
  const queryClient = useQueryClient()
  const me = useMe()
  return useMutation({
    mutationFn: async ({ act, reason }: { act: OwnAct; reason: string }) => {
      const told = hospitalId ?? me?.hospitals[0]?.hospitalId ?? 1
      const { error } = await client.POST(`/v1/me/media/{id}/${act}`, {
        params: { path: { id } },
        body: { hospitalId: told, reason },
      })
      if (error) throw error
    },
    onSettled: () =>
      Promise.all(
        ['/v1/me', HISTORY].map((path) =>
          queryClient.invalidateQueries({ queryKey: ['get', path] }),
        ),
      ),
  })
}

/** Says the password again: what gives something up asks for it, if it was not said in the last minutes. */
export const useProof = () =>
  useMutation({
    mutationFn: async (password: string) => {
      const { error } = await client.POST('/v1/sessions/current/proof', { body: { password } })
      if (error) throw error
    },
  })
