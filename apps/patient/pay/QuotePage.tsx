import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { underKey } from '../../web/idempotency-key.ts'
import { readFailure } from '../../web/problem.ts'
import { client } from '../api.ts'
import { type BillReference, places, useGo, writeBills } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { WayOut } from './WayOut.tsx'
import { wayOutOf } from './ways-out.ts'

/** Has a plan made for the bills, and goes on to it. Nothing moves; asked again it is the same plan. */
export function QuotePage({ hospitalId, bills, useAccount }: Wish) {
  const { t } = useTranslation()
  const go = useGo()
  const { data, error, refetch } = useQuote({ hospitalId, bills, useAccount })
  useEffect(() => {
    if (!data) return
    const search = useAccount ? undefined : { account: 'off' }
    // In place of this page: back leads to the bill, not to another plan.
    void go(places.payment(hospitalId, data.id, search), { replace: true })
  })
  const wayOut = error ? wayOutOf(readFailure(error), hospitalId) : null
  return (
    <Page title={t('pay.title')} back={places.home}>
      <ForWhom hospitalId={hospitalId} />
      {error ? (
        <FailureBox error={error} {...(wayOut ? {} : { onRetry: () => void refetch() })}>
          <WayOut way={wayOut} />
        </FailureBox>
      ) : (
        <section className="card">
          <Waiting rows={6} words={t('pay.quoting')} />
        </section>
      )}
    </Page>
  )
}

// A query and not a mutation: it begins with the page, is shared while it runs, and harms nobody, as the key
// makes all of its repetitions one.
function useQuote({ hospitalId, bills, useAccount }: Wish) {
  const wish = `quote:${hospitalId}:${writeBills(bills)}:${useAccount}`
  return useQuery({
    queryKey: [wish],
    queryFn: () =>
      underKey(wish, async (key) => {
        const { data, error } = await client.POST('/v1/hospitals/{hospitalId}/payments', {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body: { bills: [...bills], channel: CHANNEL, useAccount },
        })
        if (error) throw error
        return data
      }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

const CHANNEL = 'wechat'

type Wish = { hospitalId: number; bills: readonly BillReference[]; useAccount: boolean }
