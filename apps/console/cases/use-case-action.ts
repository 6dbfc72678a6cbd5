import { useQueryClient } from '@tanstack/react-query'

import { api } from '../api.ts'
import type { Case } from '../search/choices.ts'

/** What an action on a case does when it is done: the case as it is now takes the place of the one shown. */
export function useCaseActions({ id }: Pick<Case, 'id'>, hospitalId: number) {
  const queryClient = useQueryClient()
  const params = { params: { path: { hospitalId, id } } }
  const onSuccess = async (known: Case) => {
    const shown = api.query.queryOptions(
      'get',
      '/v1/hospitals/{hospitalId}/reconciliation/cases/{id}',
      params,
    )
    queryClient.setQueryData(shown.queryKey, known)
    await queryClient.invalidateQueries()
  }
  return {
    params,
    take: api.query.useMutation(
      'post',
      '/v1/hospitals/{hospitalId}/reconciliation/cases/{id}/owner',
      { onSuccess },
    ),
    note: api.query.useMutation(
      'post',
      '/v1/hospitals/{hospitalId}/reconciliation/cases/{id}/notes',
      { onSuccess },
    ),
    resolve: api.query.useMutation(
      'post',
      '/v1/hospitals/{hospitalId}/reconciliation/cases/{id}/resolution',
      { onSuccess },
    ),
  }
}
