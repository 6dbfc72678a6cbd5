import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SECOND_MS } from '../../../kernel/time.ts'
import { places, type Wishes } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { PlanView } from './PlanView.tsx'
import { ResultView } from './ResultView.tsx'
import { usePayment } from './use-payment.ts'

/**
 * One payment, as it stands this moment: the plan until the payer agrees, then what becomes of it. The hub
 * knows; the page keeps nothing, so a reload, the way back or a second tab show the same.
 */
export function PaymentPage({ hospitalId, id, isFromWallet, wishes }: PaymentPageProps) {
  const { t } = useTranslation()
  const { data: payment, error, refetch } = usePayment(hospitalId, id)
  useForgetLists(payment?.payerState)
  const isChecking = useAtFirst(isFromWallet)
  if (!payment) {
    return (
      <Page title={t('payment.title')} back={places.home}>
        {error ? (
          <FailureBox error={error} onRetry={() => void refetch()} />
        ) : (
          <section className="card">
            <Waiting rows={6} />
          </section>
        )}
      </Page>
    )
  }
  if (payment.payerState === 'to_confirm') {
    return <PlanView payment={payment} wishes={wishes} />
  }
  return <ResultView payment={payment} isFromWallet={isChecking} lastError={error} />
}

const CHECKING_MS = 15 * SECOND_MS

/** True for a while: a payer may come back from the wallet without having paid. */
function useAtFirst(isOn: boolean): boolean {
  const [isStill, setStill] = useState(isOn)
  useEffect(() => {
    if (!isOn) return
    const timer = setTimeout(() => setStill(false), CHECKING_MS)
    return () => clearTimeout(timer)
  }, [isOn])
  return isStill
}

/** What a payment becomes changes what is owed and what was paid: the lists are asked for anew. */
function useForgetLists(payerState: string | undefined): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    if (payerState === undefined) return
    void queryClient.invalidateQueries({ queryKey: ['get', '/v1/hospitals/{hospitalId}/bills'] })
    void queryClient.invalidateQueries({ queryKey: ['records'] })
  }, [payerState, queryClient])
}

type PaymentPageProps = {
  hospitalId: number
  id: string
  /** The payer comes back from the wallet: what was done there is not known yet. */
  isFromWallet: boolean
  wishes: Wishes
}
