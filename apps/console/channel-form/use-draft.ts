import { useQueryClient } from '@tanstack/react-query'

import type { components } from '../../../contract/hub.d.ts'
import { api } from '../api.ts'
import { useStaff } from '../shell/staff.ts'

export type Draft = components['schemas']['ChannelDraft']
export type Run = components['schemas']['ChannelDraftRun']
export type RunChecks = components['schemas']['ChannelDraftRunChecks']
export type Check = RunChecks['checks'][number]
export type Step = components['schemas']['ChannelDraftSteps']['steps'][number]
export type Param = Draft['params'][number]

const ONE = '/v1/hospitals/{hospitalId}/channel-drafts/{id}'
const RUN = '/v1/hospitals/{hospitalId}/channel-drafts/{id}/runs/{runId}'
const POLL_MS = 700

export function useDraft(id: string) {
  const { hospitalId } = useStaff()
  return api.query.useQuery('get', ONE, { params: { path: { hospitalId, id } } })
}

/** What changes a draft: the draft as it is afterwards takes the place of the one shown. */
export function useDraftActions(id: string) {
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const params = { params: { path: { hospitalId, id } } }
  const shown = api.query.queryOptions('get', ONE, params)
  const onSuccess = (draft: Draft) => void queryClient.setQueryData(shown.queryKey, draft)
  return {
    params,
    save: api.query.useMutation('put', ONE, { onSuccess }),
    fill: api.query.useMutation('put', `${ONE}/params`, { onSuccess }),
    remove: api.query.useMutation('delete', ONE),
    start: api.query.useMutation('post', `${ONE}/runs`, {
      onSuccess: () => queryClient.invalidateQueries({ queryKey: shown.queryKey }),
    }),
    goLive: api.query.useMutation('post', `${ONE}/live`, {
      // The channel is on the list from now on, and connected.
      onSuccess: (draft) => {
        onSuccess(draft)
        return queryClient.invalidateQueries()
      },
    }),
  }
}

/** One run, looked at again and again until it has ended; then the draft is, too, as it may go live now. */
export function useRun(draftId: string, runId: string | null) {
  const { hospitalId } = useStaff()
  const path = { hospitalId, id: draftId, runId: runId ?? '' }
  return api.query.useQuery(
    'get',
    RUN,
    { params: { path } },
    {
      enabled: runId !== null,
      refetchInterval: ({ state }) =>
        state.data === undefined || state.data.run.status === 'running' ? POLL_MS : false,
    },
  )
}

/** What was said for one check. It never changes, and is asked for when it is opened. */
export function useSteps(
  of: { draftId: string; runId: string; position: number },
  isOpen: boolean,
) {
  const { hospitalId } = useStaff()
  const { draftId: id, runId, position } = of
  return api.query.useQuery(
    'get',
    `${RUN}/checks/{position}/steps`,
    { params: { path: { hospitalId, id, runId, position } } },
    { enabled: isOpen, staleTime: Number.POSITIVE_INFINITY },
  )
}
