import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

import type { Payment } from '../../../contract/client.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { client } from '../api.ts'
import { payFenOf, payerTenderOf } from './story.ts'
import { paymentKey } from './use-payment.ts'
import { returnUrlHere, wishToOpenWallet } from './wallet.ts'

/**
 * Agrees to the plan, with the amount that stands on the button. However often it is pressed, and whatever becomes
 * of the answer, it is one agreement: the key is kept until the hub has answered for good.
 */
export function useConfirm(payment: Payment) {
  const queryClient = useQueryClient()
  const { hospitalId, id } = payment
  const isSending = useRef(false)
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => underKey(`confirm:${id}`, (key) => sendConfirmation(payment, key)),
    onSuccess: (answer) => {
      wishToOpenWallet(id)
      queryClient.setQueryData(paymentKey(hospitalId, id), answer)
    },
    onSettled: async () => {
      isSending.current = false
      // Also after a failure: perhaps it was carried out, and only the answer was lost.
      await queryClient.invalidateQueries({ queryKey: paymentKey(hospitalId, id) })
    },
  })
  const confirm = () => {
    if (isSending.current) return // a second press before the button has been drawn anew
    isSending.current = true
    mutate()
  }
  return { confirm, error, isPending }
}

async function sendConfirmation(payment: Payment, key: string): Promise<Payment> {
  const { hospitalId, id } = payment
  const { data, error } = await client.POST(
    '/v1/hospitals/{hospitalId}/payments/{id}/confirmation',
    {
      params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } },
      body: { payFen: payFenOf(payment), ...wayBackOf(payment) },
    },
  )
  if (error) throw error
  return data
}

/** For a provider's page, which leads the payer back here; the others have no use for it. */
const wayBackOf = (payment: Payment) =>
  payerTenderOf(payment)?.method === 'page' ? { returnUrl: returnUrlHere() } : {}

/** Stops a payment before the payer has paid. */
export function useCancel({ hospitalId, id }: Payment) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () =>
      underKey(`cancel:${id}`, async (key) => {
        const { data, error } = await client.POST(
          '/v1/hospitals/{hospitalId}/payments/{id}/cancellation',
          { params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } } },
        )
        if (error) throw error
        return data
      }),
    onSuccess: (answer) => queryClient.setQueryData(paymentKey(hospitalId, id), answer),
    onSettled: () => queryClient.invalidateQueries({ queryKey: paymentKey(hospitalId, id) }),
  })
}
