import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api } from '../api.ts'
import { everyRow } from '../list/pages.ts'
import { may, useStaff } from '../shell/staff.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Verdict } from '../terms/TermsDialog.tsx'
import { countCases, type Difference, isOfCase, type MatchingClass } from './model.ts'
import type { NewPlan } from './plan-draft.ts'

const REFRESH_MS = 60_000
/** While a comparison is awaited. */
const SOON_MS = 5_000
const CASES_AT_ONCE = 200
const MOST_CASES = 5_000
const DIFFERENCES_AT_ONCE = 500
/** More than these of a run have no cases of their own. */
const MOST_LOOKED_THROUGH = 5_000

export function usePlans() {
  const { hospitalId } = useStaff()
  return api.query.useQuery('get', '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/plans', {
    params: { path: { hospitalId } },
  })
}

/** How far the cross-checks of some dates have come. */
export function useCrossChecks(from: string, to: string) {
  const staff = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/cross-checks',
    { params: { path: { hospitalId: staff.hospitalId }, query: { from, to } } },
    {
      enabled: may(staff, 'readBooks'),
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ isDue }) => isDue) ? SOON_MS : REFRESH_MS,
    },
  )
}

/** How many cases of cross-checks are open, by plan and date. `comparedAt`: read again when something was compared since. */
export function useOpenCases(comparedAt: string | undefined, enabled = true) {
  const { hospitalId } = useStaff()
  return useQuery({
    queryKey: ['cross-check cases', hospitalId, comparedAt],
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const subjects: string[] = []
      const cases = everyRow({
        page: (before: string | undefined, limit) => casesOf(hospitalId, { before, limit }),
        cursorOf: ({ id }) => id,
        limit: CASES_AT_ONCE,
        most: MOST_CASES,
        onLimit: () => undefined,
      })
      for await (const { subject } of cases) subjects.push(subject)
      return countCases(subjects)
    },
  })
}

async function casesOf(
  hospitalId: number,
  { before, limit }: { before: string | undefined; limit: number },
) {
  const query = { class: 'cross_check', status: 'open', limit } as const
  const { data, error } = await api.client.GET('/v1/hospitals/{hospitalId}/reconciliation/cases', {
    params: { path: { hospitalId }, query: { ...query, ...(before ? { before } : {}) } },
  })
  if (error) throw error
  return data.items
}

export function useRun(runId: string | null | undefined) {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/runs/{runId}',
    { params: { path: { hospitalId, runId: runId ?? '' } } },
    // A run is named by what it was made of: it never changes.
    { enabled: Boolean(runId), staleTime: Number.POSITIVE_INFINITY },
  )
}

export const DIFFERENCES_A_PAGE = 50

export function useDifferences(
  runId: string,
  filter: { class: MatchingClass; after?: number | undefined },
) {
  const { hospitalId } = useStaff()
  const { class: cls, after = 0 } = filter
  const query = { class: cls, after, limit: DIFFERENCES_A_PAGE }
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/runs/{runId}/differences',
    { params: { path: { hospitalId, runId }, query } },
    { staleTime: Number.POSITIVE_INFINITY },
  )
}

type Found = { relation: string; kind: string; number: string }

/** All that a case is about: a number may differ in several ways. Null where nothing is asked for. */
export function useDifferencesOfCase(runId: string, found: Found | null) {
  const { hospitalId } = useStaff()
  return useQuery({
    queryKey: ['cross-check case', hospitalId, runId, found],
    enabled: found !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const differences: Difference[] = []
      const all = everyDifference({ hospitalId, runId }, MOST_LOOKED_THROUGH, () => undefined)
      for await (const each of all) if (found && isOfCase(each, found)) differences.push(each)
      return differences
    },
  })
}

type OfRun = { hospitalId: number; runId: string; class?: MatchingClass | undefined }

/** The differences of a run, page by page, in the order of their numbers. */
export const everyDifference = (
  { hospitalId, runId, class: cls }: OfRun,
  most: number,
  onLimit: () => void,
): AsyncGenerator<Difference> =>
  everyRow({
    page: async (after: number | undefined, limit) => {
      const query = { ...(cls ? { class: cls } : {}), after: after ?? 0, limit }
      const { data, error } = await api.client.GET(
        '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/runs/{runId}/differences',
        { params: { path: { hospitalId, runId }, query } },
      )
      if (error) throw error
      return data.items
    },
    cursorOf: ({ no }) => no,
    limit: DIFFERENCES_AT_ONCE,
    most,
    onLimit,
  })

export const useProposePlan = (hospitalId: number, done: Done) =>
  useChange<NewPlan>(async (body) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/plans',
      { params: { path: { hospitalId } }, body },
    )
    if (error) throw error
  }, done)

export const useDecidePlan = (hospitalId: number, done: Done) =>
  useChange<Verdict>(async ({ id, ...body }) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/plans/{id}/decision',
      { params: { path: { hospitalId, id } }, body },
    )
    if (error) throw error
  }, done)

export const useRerun = (hospitalId: number, done: Done) =>
  useChange<{ name: string; date: string }>(async (path) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/reconciliation/cross-checks/{name}/{date}/rerun',
      { params: { path: { hospitalId, ...path } } },
    )
    if (error) throw error
  }, done)
