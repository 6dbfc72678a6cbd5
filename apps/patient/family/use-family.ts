import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { components } from '../../../contract/hub.d.ts'
import { client, query } from '../api.ts'
import { type Acting, actFor } from './acting.ts'

export type FamilyLink = components['schemas']['FamilyLink']
export type Scope = FamilyLink['scopes'][number]

export const RELATIONS = [
  'child',
  'parent',
  'spouse',
  'sibling',
  'ward',
  'other',
] as const satisfies readonly FamilyLink['relation'][]
export const SCOPES = ['book', 'bills', 'pay'] as const satisfies readonly Scope[]

const MEMBERS = '/v1/my-family-members'
const CARERS = '/v1/my-carers'
const TEXT = '/v1/family-consent-text'
/** Those that stand or wait are among the newest: nobody may have more of them than ten. */
const MOST = 50

const newest = { params: { query: { limit: MOST } } } as const

export const useMembers = () => query.useQuery('get', MEMBERS, newest)
export const useCarers = () => query.useQuery('get', CARERS, newest)
export const useText = () => query.useQuery('get', TEXT, {})

export type AskWish = {
  name: string
  idNumber: string
  relation: FamilyLink['relation']
  ground: FamilyLink['ground']
  scopes: Scope[]
  mostFen: number | null
  expiresAt: string
  textVersion: string
}

export function useAsk() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (wish: AskWish) => {
      const { data, error } = await client.POST(MEMBERS, { body: { ...wish, idKind: 'id_card' } })
      if (error) throw error
      return data
    },
    onSettled: refresh,
  })
}

export function useDecide() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ id, ...body }: Decision) => {
      const { error } = await client.POST(`${CARERS}/{id}/decision`, {
        params: { path: { id } },
        body,
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

type Decision = { id: string; verdict: 'agreed' | 'refused'; textVersion: string }

export function useEnd() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (id: string) => {
      const { error } = await client.POST('/v1/my-family-links/{id}/end', {
        params: { path: { id } },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

/** Acts for somebody from now on, or for oneself again: what was read for the one is not shown for the other. */
export function useSwitch(): (to: Acting | null) => void {
  const queryClient = useQueryClient()
  return (to) => {
    actFor(to)
    void queryClient.resetQueries()
  }
}

/** Also after a failure: perhaps it was carried out, and only the answer was lost. */
function useRefresh() {
  const queryClient = useQueryClient()
  return async () => {
    for (const path of [MEMBERS, CARERS]) {
      await queryClient.invalidateQueries({ queryKey: ['get', path] })
    }
  }
}
