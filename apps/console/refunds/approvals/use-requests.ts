import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { Refund, RefundRequest } from '../../../../contract/client.ts'
import { underKey } from '../../../web/idempotency-key.ts'
import { api } from '../../api.ts'
import { announce } from '../../shell/announce.ts'
import { useStaff } from '../../shell/staff.ts'

/** Refunds that a second person decides: those that wait, or all of a payment. */
export function useRefundRequests(query: {
  status?: RefundRequest['status'][]
  paymentId?: string
  before?: string
  limit: number
}) {
  const { hospitalId } = useStaff()
  return api.query.useQuery('get', '/v1/hospitals/{hospitalId}/refund-requests', {
    params: { path: { hospitalId }, query },
  })
}

type Decision = { words: string; onDone: () => void }

/** Agrees, once: under its key a lost answer is asked for again and begins no second refund. */
export function useApprove({ hospitalId, id }: RefundRequest, { words, onDone }: Decision) {
  const queryClient = useQueryClient()
  return useMutation<Refund, unknown>({
    mutationFn: () =>
      underKey(`approve-refund:${id}`, async (key) => {
        const { data, error } = await api.client.POST(
          '/v1/hospitals/{hospitalId}/refund-requests/{id}/approve',
          { params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } } },
        )
        if (error) throw error
        return data
      }),
    onSuccess: () => {
      announce(words)
      onDone()
    },
    onSettled: () => queryClient.invalidateQueries(),
  })
}

/** Does not agree, or takes back one's own wish. */
export function useDecline({ hospitalId, id }: RefundRequest, { words, onDone }: Decision) {
  const queryClient = useQueryClient()
  return useMutation<RefundRequest, unknown, string>({
    mutationFn: async (note) => {
      const { data, error } = await api.client.POST(
        '/v1/hospitals/{hospitalId}/refund-requests/{id}/decline',
        { params: { path: { hospitalId, id } }, body: { note } },
      )
      if (error) throw error
      return data
    },
    onSuccess: () => {
      announce(words)
      onDone()
    },
    onSettled: () => queryClient.invalidateQueries(),
  })
}
