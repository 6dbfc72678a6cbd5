import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'

import type { CoverageClaim, CoverageConsent, CoveragePolicy } from '../../../contract/client.ts'
import { client, query } from '../api.ts'

const COVERAGE = '/v1/hospitals/{hospitalId}/coverage'
const CLAIMS = '/v1/hospitals/{hospitalId}/coverage/my-claims'
const MOST_CLAIMS = 50

/** An insurer, and a hospital where it pays: through that one it is asked. */
export type Insurer = { code: string; name: string; hospitalId: number }

export type ConsentText = {
  purpose: CoverageConsent['purpose']
  version: string
  zh: string
  en: string
}

export type Cover = {
  insurers: Insurer[]
  policies: CoveragePolicy[]
  consents: CoverageConsent[]
  texts: ConsentText[]
}

/**
 * What a person has with commercial insurers, over all hospitals. Policies and consents are the person's own, so every
 * hospital tells the same; the insurers are each hospital's.
 */
export function useCover(hospitals: readonly { id: number }[]) {
  const answers = useQueries({
    queries: hospitals.map(({ id }) =>
      query.queryOptions('get', COVERAGE, { params: { path: { hospitalId: id } } }),
    ),
  })
  const known = answers.flatMap(({ data }, i) => {
    const hospital = hospitals[i]
    return data && hospital ? [{ ...data, hospitalId: hospital.id }] : []
  })
  const [first] = known
  const cover: Cover | null = first
    ? {
        insurers: insurersOf(known),
        policies: first.policies,
        consents: first.consents,
        texts: first.texts,
      }
    : null
  return { cover, ...stateOf(answers) }
}

function insurersOf(
  known: readonly { hospitalId: number; insurers: readonly { code: string; name: string }[] }[],
): Insurer[] {
  const byCode = new Map<string, Insurer>()
  for (const { hospitalId, insurers } of known) {
    for (const insurer of insurers) {
      if (!byCode.has(insurer.code)) byCode.set(insurer.code, { ...insurer, hospitalId })
    }
  }
  return [...byCode.values()]
}

export type ClaimAt = CoverageClaim & { hospitalId: number }

/** The claims at all hospitals, the latest first. */
export function useClaims(hospitals: readonly { id: number }[]) {
  const answers = useQueries({
    queries: hospitals.map(({ id }) =>
      query.queryOptions('get', CLAIMS, {
        params: { path: { hospitalId: id }, query: { limit: MOST_CLAIMS } },
      }),
    ),
  })
  const claims = answers
    .flatMap(({ data }, i) => {
      const hospitalId = hospitals[i]?.id ?? 0
      return (data?.items ?? []).map((claim): ClaimAt => ({ ...claim, hospitalId }))
    })
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  return { claims, ...stateOf(answers) }
}

type Answer = { error: unknown; isPending: boolean; refetch: () => unknown }

function stateOf(answers: readonly Answer[]) {
  const failed = answers.filter(({ error }) => error !== null)
  return {
    error: failed[0]?.error ?? null,
    isPending: answers.some(({ isPending }) => isPending),
    refetch: () => {
      for (const answer of failed) void answer.refetch()
    },
  }
}

/** The policies an insurer has of the person, asked when the person says so. */
export const useFindPolicies = ({ hospitalId, code }: Insurer) => {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async () => {
      const path = { hospitalId, insurerCode: code }
      const { data, error } = await client.GET(`${COVERAGE}/insurers/{insurerCode}/policies`, {
        params: { path },
      })
      if (error) throw error
      return data.items
    },
    onSettled: refresh,
  })
}

/** Lets a policy pay from now on; the insurer is asked for it once more, so this verifies it too. */
export function useBind({ hospitalId, code }: Insurer) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (policyNo: string) => {
      const { error } = await client.POST(`${COVERAGE}/policies`, {
        params: { path: { hospitalId } },
        body: { insurerCode: code, policyNo },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useUnbind({ hospitalId, code }: Insurer) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (policyNo: string) => {
      const path = { hospitalId, insurerCode: code, policyNo }
      const { error } = await client.DELETE(`${COVERAGE}/policies/{insurerCode}/{policyNo}`, {
        params: { path },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export type Given = Pick<CoverageConsent, 'purpose' | 'version' | 'scope' | 'expiresAt'>

export function useGiveConsent({ hospitalId, code }: Insurer) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (given: Given) => {
      const { error } = await client.POST(`${COVERAGE}/consents`, {
        params: { path: { hospitalId } },
        body: { insurerCode: code, ...given },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export function useWithdraw({ hospitalId }: Insurer) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (id: string) => {
      const { error } = await client.POST(`${COVERAGE}/consents/{id}/withdrawal`, {
        params: { path: { hospitalId, id } },
      })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

/** Also after a failure: perhaps it was carried out, and only the answer was lost. */
function useRefresh() {
  const queryClient = useQueryClient()
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', COVERAGE] }),
      queryClient.invalidateQueries({ queryKey: ['get', CLAIMS] }),
    ])
  }
}
