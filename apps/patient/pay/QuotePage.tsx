import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { underKey } from '../../web/idempotency-key.ts'
import { readFailure } from '../../web/problem.ts'
import { client } from '../api.ts'
import { actingNow } from '../family/acting.ts'
import {
  type BillReference,
  places,
  useGo,
  wishedSources,
  type Wishes,
  writeBills,
} from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { useDevices } from './devices.ts'
import { type PayMethod, rejectionText } from './way.ts'
import { WayOut } from './WayOut.tsx'
import { wayOutOf } from './ways-out.ts'

/** Has a plan made for the bills, and goes on to it. Nothing moves; asked again it is the same plan. */
export function QuotePage({ hospitalId, bills, wishes }: Wish) {
  const { t } = useTranslation()
  const go = useGo()
  const { data, error, refetch } = useQuote({ hospitalId, bills, wishes })
  useEffect(() => {
    if (!data) return
    // In place of this page: back leads to the bill, not to another plan.
    void go(places.payment(hospitalId, data.id, wishes), { replace: true })
  })
  return (
    <Page title={t('pay.title')} back={places.home}>
      <ForWhom hospitalId={hospitalId} />
      {error ? (
        <Refused
          error={error}
          wish={{ hospitalId, bills, wishes }}
          onRetry={() => void refetch()}
        />
      ) : (
        <section className="card">
          <Waiting rows={6} words={t('pay.quoting')} />
        </section>
      )}
    </Page>
  )
}

/** No plan, and how to go on: another way to pay where the one that was named cannot be had. */
function Refused({ error, wish, onRetry }: { error: unknown; wish: Wish; onRetry: () => void }) {
  const { t, i18n } = useTranslation()
  const { hospitalId, bills, wishes } = wish
  const failure = readFailure(error)
  if (wishes.channel !== undefined && OF_THE_WAY.has(failure.code)) {
    const { channel: _channel, method: _method, ...others } = wishes
    const code = String(failure.params.reason ?? 'other')
    const reason = rejectionText(t, { code, params: {} }, i18n.language)
    return (
      <FailureBox error={error} words={t('way.refused', { reason })}>
        <WayOut way={{ place: places.pay(hospitalId, bills, others), words: 'way.change' }} />
      </FailureBox>
    )
  }
  const wayOut = wayOutOf(failure, hospitalId)
  return (
    <FailureBox error={error} {...(wayOut ? {} : { onRetry })}>
      <WayOut way={wayOut} />
    </FailureBox>
  )
}

const OF_THE_WAY = new Set([
  'channels.channel_not_offered',
  'channels.none_offered',
  'payments.channel_unknown',
  'payments.method_unknown',
])

// A query and not a mutation: it begins with the page, is shared while it runs, and harms nobody, as the key
// makes all of its repetitions one.
function useQuote({ hospitalId, bills, wishes }: Wish) {
  const devices = useDevices()
  const { account, channel, method, sources } = wishes
  const body = {
    bills: [...bills],
    // The personal account is the patient's own: a carer does not touch it.
    useAccount: account !== 'off' && actingNow() === null,
    devices: devices ?? [],
    ...(channel === undefined ? {} : { channel }),
    // What is no method is refused by the hub, in its own words.
    ...(method === undefined ? {} : { method: method as PayMethod }),
    ...(sources === undefined ? {} : { sources: wishedSources(wishes) }),
  }
  const chosen = [account ?? 'on', channel ?? '', method ?? '', sources ?? '']
  const how = [...chosen, ...body.devices].join(':')
  const wish = `quote:${hospitalId}:${writeBills(bills)}:${how}`
  return useQuery({
    queryKey: [wish],
    queryFn: () =>
      underKey(wish, async (key) => {
        const { data, error } = await client.POST('/v1/hospitals/{hospitalId}/payments', {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body,
        })
        if (error) throw error
        return data
      }),
    enabled: devices !== null,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

type Wish = { hospitalId: number; bills: readonly BillReference[]; wishes: Wishes }
