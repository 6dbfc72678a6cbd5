import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import type { Payment, Refund, RefundRequest } from '../../../contract/client.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import type { refundWish } from './refund-rules.ts'

export type RefundWish = ReturnType<typeof refundWish>

/**
 * Asks for a refund, once. `unanswered`: a wish that was sent and of which nobody knows whether it arrived, kept
 * over a reload of the page; it can only be sent again as it is, which is no second refund.
 */
export function useRefund({ hospitalId, id }: Pick<Payment, 'hospitalId' | 'id'>) {
  const queryClient = useQueryClient()
  const [unanswered, setUnanswered] = useState(() => readKept(id))
  const mutation = useMutation<Refund, unknown, RefundWish>({
    mutationFn: (body) => {
      keep(id, body)
      return underKey(`refund:${id}`, async (key) => {
        const { data, error } = await api.client.POST(
          '/v1/hospitals/{hospitalId}/payments/{id}/refunds',
          { params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } }, body },
        )
        if (error) throw error
        return data
      })
    },
    onSuccess: () => forget(id),
    onError: (error) => readFailure(error).isDefinite && forget(id),
    onSettled: () => {
      setUnanswered(readKept(id))
      return queryClient.invalidateQueries()
    },
  })
  return { ...mutation, unanswered }
}

/** Asks a second person for it, once: under its key a lost answer makes no second wish. */
export function useAskApproval({ hospitalId, id }: Pick<Payment, 'hospitalId' | 'id'>) {
  const queryClient = useQueryClient()
  return useMutation<RefundRequest, unknown, RefundWish>({
    mutationFn: (body) =>
      underKey(`ask-approval:${id}`, async (key) => {
        const { data, error } = await api.client.POST(
          '/v1/hospitals/{hospitalId}/payments/{id}/refund-requests',
          { params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } }, body },
        )
        if (error) throw error
        return data
      }),
    onSettled: () => queryClient.invalidateQueries(),
  })
}

const PREFIX = 'yiqiao.console.refund.'

const keep = (id: string, wish: RefundWish) =>
  sessionStorage.setItem(PREFIX + id, JSON.stringify(wish))

const forget = (id: string) => sessionStorage.removeItem(PREFIX + id)

function readKept(id: string): RefundWish | null {
  const kept = sessionStorage.getItem(PREFIX + id)
  return kept === null ? null : (JSON.parse(kept) as RefundWish)
}
