import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { components } from '../../../contract/hub.d.ts'
import { client, query } from '../api.ts'

const GRANTS = '/v1/hospitals/{hospitalId}/application-grants'

type Grants = components['schemas']['ApplicationGrants']
export type Grant = components['schemas']['ApplicationGrant']
export type GrantScope = Grant['scopes'][number]
export type GrantText = NonNullable<Grants['text']>

/** An application, and the hospital that lets it in. */
export type Application = Grants['applications'][number] & { hospitalId: number }

export const useGrants = (hospitalId: number) =>
  query.useQuery('get', GRANTS, { params: { path: { hospitalId } } })

/** What the person allows the application now; null for nothing. */
export const currentFor = (grants: readonly Grant[], { id }: { id: string }): Grant | null =>
  grants.find(({ applicationId, state }) => applicationId === id && state === 'in_force') ?? null

export type Given = { scopes: GrantScope[]; textVersion: string; expiresAt: string }

export function useGive({ id, hospitalId }: Application) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (given: Given) => {
      const { error } = await client.POST(GRANTS, {
        params: { path: { hospitalId } },
        body: { applicationId: id, ...given },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useWithdraw(hospitalId: number) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (id: string) => {
      const path = { hospitalId, id }
      const { error } = await client.POST(`${GRANTS}/{id}/withdrawal`, { params: { path } })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

/** Also after a failure: perhaps it was carried out, and only the answer was lost. */
function useRefresh() {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ queryKey: ['get', GRANTS] })
}
