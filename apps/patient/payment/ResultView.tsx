import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import { Go, type Place, places } from '../navigation.tsx'
import { Fold } from '../parts/Fold.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { Lines } from '../parts/Lines.tsx'
import { PartsBar } from '../parts/PartsBar.tsx'
import { planOf } from '../parts/plan.ts'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import { Page } from '../shell/Page.tsx'
import { useChannelName } from './channel-name.ts'
import { Facts } from './Facts.tsx'
import { promisedAt } from './promise.ts'
import { QrCode } from './QrCode.tsx'
import { refundWordsOf } from './refund-words.ts'
import { Refunds } from './Refunds.tsx'
import {
  creditFenOf,
  keptFenOf,
  payerTenderOf,
  payFenOf,
  refundingFenOf,
  type StoryName,
  storyOf,
} from './story.ts'
import { walletActionOf } from './wallet.ts'
import { WalletFoot } from './WalletFoot.tsx'
import { Why } from './Why.tsx'

/** What became of a payment: first whether the money is gone, what to do now, and whom to ask. */
export function ResultView({ payment, isFromWallet, lastError }: ResultViewProps) {
  const { t } = useTranslation()
  const story = storyOf(payment, isFromWallet)
  const words = useStoryWords(payment, story.name)
  const code = codeToScan(payment, story.name)
  return (
    <Page
      title={t('payment.title')}
      back={places.home}
      aside={<ReadAloud words={[words.title, words.charged, words.todo].join('。')} />}
      foot={footOf(payment, story.name)}
    >
      <section className={`card story tone-${story.tone}`}>
        <div role="status" className="story-head">
          <p className="story-mark">
            <Icon name={story.icon} />
          </p>
          <h2>{words.title}</h2>
          {words.lead && <p className="story-lead">{words.lead}</p>}
          {words.why && <p className="story-lead">{words.why}</p>}
        </div>
        <dl className="answers">
          <Answer question={t('stories.charged')} answer={words.charged} />
          <Answer question={t('stories.todo')} answer={words.todo} />
          <Answer question={t('stories.who')} answer={words.who} />
        </dl>
        {lastError !== null && (
          <p className="held-row" role="status">
            <Icon name="offline" />
            <span>{t('payment.connectionLost')}</span>
          </p>
        )}
      </section>
      {code !== null && <QrCode payment={payment} content={code} />}
      <ForWhom hospitalId={payment.hospitalId} />
      <Guidance payment={payment} />
      <Refunds payment={payment} />
      <Money payment={payment} />
      <Facts payment={payment} />
    </Page>
  )
}

/** Null where nothing is left to scan. */
function codeToScan(payment: Payment, story: StoryName): string | null {
  const action = walletActionOf(payment)
  const isOpen = story === 'to_pay' || story === 'checking'
  return isOpen && action?.kind === 'qr_code' ? action.content : null
}

const Answer = ({ question, answer }: { question: string; answer: string }) => (
  <div>
    <dt>{question}</dt>
    <dd>{answer}</dd>
  </div>
)

function useStoryWords(payment: Payment, name: StoryName) {
  const { t, i18n } = useTranslation()
  const nameOf = useChannelName(payment)
  const channel = nameOf(payerTenderOf(payment)?.provider ?? '')
  const hospital = useHospitalName(payment.hospitalId)
  const nowMs = useHubNow()
  const seconds = secondsUntil(payment.nextLookAt, nowMs)
  const refund = payment.refunds.at(-1) ?? payment
  const back = refundWordsOf(t, payment, name, nowMs)
  const params = {
    ...back.params,
    hospital,
    channel,
    seconds,
    paid: amountText(payFenOf(payment)),
    credit: amountText(creditFenOf(payment)),
    kept: amountText(keptFenOf(payment)),
    refunding: amountText(refundingFenOf(payment)),
    day: momentText(promisedAt(refund), 'day', i18n.language),
    at: momentText(payment.expiresAt, 'time', i18n.language),
    reason: t([`failures.${payment.failureCode ?? 'none'}`, 'failures.none'], {
      channel,
      provider: nameOf(refuserOf(payment)),
    }),
  }
  const variant = back.lead ?? (seconds === 0 ? 'leadOpen' : 'lead')
  const todo = back.isStuck ? 'todoStuck' : todoOf(payment, name)
  return {
    title: t(`stories.${name}.title`, params),
    lead: t([`stories.${name}.${variant}`, `stories.${name}.lead`, 'stories.noLead'], params),
    why: payment.failureCode === null ? '' : t([`stories.${name}.why`, 'stories.noLead'], params),
    charged: t([`stories.${name}.${back.charged}`, `stories.${name}.charged`], params),
    todo: t([`stories.${name}.${todo}`, `stories.${name}.todo`], params),
    who: t([`stories.${name}.who`, 'stories.whoDefault'], params),
  }
}

/** Whose word ended it, as far as it was a source of money. */
function refuserOf({ tenders }: Payment): string {
  const sources = tenders.filter(({ phase }) => phase !== 'payer')
  const refuser = sources.find(({ status }) => status === 'declined') ?? sources[0]
  return refuser?.provider ?? 'insurance'
}

function todoOf(payment: Payment, name: StoryName): string {
  if (codeToScan(payment, name) !== null) return 'todoScan'
  return payment.bills.some((bill) => bill.guidance.length > 0) ? 'todoGuided' : 'todo'
}

const MOST_SECONDS = 60

/** 0 where no near moment can be named. */
function secondsUntil(nextLookAt: string | null, nowMs: number | null): number {
  if (nextLookAt === null || nowMs === null) return 0
  const seconds = Math.ceil((Date.parse(nextLookAt) - nowMs) / 1000)
  return seconds > 0 && seconds <= MOST_SECONDS ? Math.max(seconds, 5) : 0
}

/** Where to go next, in the order in which it is best walked. */
function Guidance({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const steps = [...new Set(payment.bills.flatMap((bill) => bill.guidance))]
  const isOver = payment.payerState === 'refunded' || payment.status !== 'succeeded'
  if (steps.length === 0 || isOver) return null
  return (
    <section className="card" aria-labelledby="guidance">
      <h2 id="guidance">{t('payment.next')}</h2>
      <ol className="guidance">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  )
}

function Money({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const parts = planOf(payment)
  const isInsured = payment.sources.some(
    ({ provider, available }) => provider === 'insurance' && available,
  )
  const lines = payment.bills.flatMap((bill) =>
    bill.lines.map((line) => ({ ...line, billNo: bill.billNo })),
  )
  return (
    <section className="card folds" aria-label={t('pay.details')}>
      <p className="total">
        <span>{t('pay.total')}</span>
        <span className="amount">{amountText(payment.totalFen)}</span>
      </p>
      {parts && <PartsBar parts={parts} totalFen={payment.totalFen} />}
      {isInsured && (
        <Fold title={t('why.title')}>
          <Why payment={payment} />
        </Fold>
      )}
      <Fold title={t('bill.lines', { count: lines.length })}>
        <Lines lines={lines} />
      </Fold>
    </section>
  )
}

/** What can be done about it; null where there is nothing but to wait. */
function footOf(payment: Payment, story: StoryName): ReactNode {
  const { hospitalId, id, bills } = payment
  switch (story) {
    case 'to_pay':
    case 'checking':
      return <WalletFoot payment={payment} isChecking={story === 'checking'} />
    case 'not_charged':
    case 'returned':
    case 'undone':
    case 'closed':
      return <FootLink place={places.pay(hospitalId, bills)} words={anewWords(payment)} isMain />
    case 'succeeded':
    case 'covered':
    case 'on_credit':
    case 'shared':
    case 'part_refunded':
      return <FootLink place={places.receipt(hospitalId, id)} words="receipt.title" />
    default:
      return null
  }
}

/** A channel that is down is not proposed again, so paying anew is another way. */
const anewWords = ({ failureCode }: Payment) =>
  failureCode === 'channel_down' ? 'way.change' : 'payment.payAnew'

function FootLink({ place, words, isMain = false }: FootLinkProps) {
  const { t } = useTranslation()
  return (
    <Go place={place} className={isMain ? 'button button-primary' : 'button'}>
      {t(words)}
    </Go>
  )
}

type FootLinkProps = { place: Place; words: string; isMain?: boolean }

type ResultViewProps = { payment: Payment; isFromWallet: boolean; lastError: unknown }
