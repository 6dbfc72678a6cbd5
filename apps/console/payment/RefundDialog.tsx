import { Button, Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Fault } from '../list/Fault.tsx'
import { sumFen } from '../list/sums.ts'
import { announce } from '../shell/announce.ts'
import { Icon } from '../shell/Icon.tsx'
import { openLines, refundWish, whyApproval } from './refund-rules.ts'
import { type RefundWish, useAskApproval, useRefund } from './use-refund.ts'

type RefundDialogProps = { payment: Payment; isOpen: boolean; onClose: () => void }

/**
 * First what is to go back and why, then the exact amount once more, and only then the request. Where one person may
 * not give it alone, the same wish is put before a second one.
 */
export function RefundDialog({ payment, isOpen, onClose }: RefundDialogProps) {
  const { t } = useTranslation()
  const refund = useRefund(payment)
  const approval = useAskApproval(payment)
  const [wish, setWish] = useState<RefundWish | null>(null)
  const reviewed = refund.unanswered ?? wish
  const send = (body: RefundWish) =>
    refund.mutate(body, {
      onSuccess: () => {
        announce(t('refund.sent', { amount: amountText(amountOf(payment, body)) }))
        onClose()
      },
    })
  const ask = (body: RefundWish) =>
    approval.mutate(body, {
      onSuccess: ({ amountFen }) => {
        announce(t('approvals.asked', { amount: amountText(amountFen) }))
        onClose()
      },
    })
  return (
    <Modal
      open={isOpen}
      title={t('refund.title')}
      onCancel={onClose}
      footer={null}
      width="46rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      {reviewed ? (
        <Review
          payment={payment}
          wish={reviewed}
          isUnanswered={refund.unanswered !== null}
          isBusy={refund.isPending || approval.isPending}
          error={approval.error ?? refund.error}
          why={whyApproval(refund.error)}
          onBack={() => {
            refund.reset()
            approval.reset()
            setWish(null)
          }}
          onSend={() => send(reviewed)}
          onAsk={() => ask(reviewed)}
        />
      ) : (
        <Choose payment={payment} onChosen={setWish} />
      )}
    </Modal>
  )
}

function Choose({ payment, onChosen }: { payment: Payment; onChosen: (wish: RefundWish) => void }) {
  const { t } = useTranslation()
  const bills = payment.bills.filter((bill) => openLines(payment, bill.billNo).length > 0)
  const [billNo, setBillNo] = useState(bills[0]?.billNo ?? '')
  const lines = openLines(payment, billNo)
  const [lineNos, setLineNos] = useState<ReadonlySet<number>>(
    new Set(lines.map(({ lineNo }) => lineNo)),
  )
  const [reason, setReason] = useState('')
  const chosen = lines.filter(({ lineNo }) => lineNos.has(lineNo))
  const obstacle = chosen.length === 0 ? 'noLines' : reason.trim() === '' ? 'noReason' : null
  const showBill = (next: string) => {
    setBillNo(next)
    setLineNos(new Set(openLines(payment, next).map(({ lineNo }) => lineNo)))
  }
  return (
    <div className="refund">
      {bills.length > 1 && (
        <label>
          {t('payments.billNo')}
          <select value={billNo} onChange={(event) => showBill(event.target.value)}>
            {bills.map((bill) => (
              <option key={bill.billNo} value={bill.billNo}>
                {bill.title} {bill.billNo}
              </option>
            ))}
          </select>
        </label>
      )}
      <LineChoice lines={lines} chosen={lineNos} onChange={setLineNos} />
      <ReasonChoice reason={reason} onChange={setReason} />
      <footer className="refund-foot">
        <p>
          {t('refund.lines', { count: chosen.length })}{' '}
          <strong>
            <Amount fen={sumFen(chosen, (line) => line.amountFen)} flow="out" />
          </strong>
        </p>
        {obstacle && <p className="fine">{t(`refund.not.${obstacle}`)}</p>}
        <Button
          type="primary"
          disabled={obstacle !== null}
          onClick={() => onChosen(refundWish(payment, { billNo, lineNos, reason }))}
        >
          {t('refund.review')}
        </Button>
      </footer>
    </div>
  )
}

type LineChoiceProps = {
  lines: ReturnType<typeof openLines>
  chosen: ReadonlySet<number>
  onChange: (lineNos: ReadonlySet<number>) => void
}

function LineChoice({ lines, chosen, onChange }: LineChoiceProps) {
  const { t } = useTranslation()
  const areAll = lines.every(({ lineNo }) => chosen.has(lineNo))
  const flip = (lineNo: number) =>
    onChange(new Set(lines.map((l) => l.lineNo).filter((n) => chosen.has(n) !== (n === lineNo))))
  return (
    <fieldset className="refund-lines">
      <legend>{t('refund.which')}</legend>
      <Checkbox
        checked={areAll}
        indeterminate={!areAll && chosen.size > 0}
        onChange={() => onChange(new Set(areAll ? [] : lines.map(({ lineNo }) => lineNo)))}
      >
        {t('refund.all')}
      </Checkbox>
      <ul>
        {lines.map((line) => (
          <li key={line.lineNo}>
            <Checkbox checked={chosen.has(line.lineNo)} onChange={() => flip(line.lineNo)}>
              {line.name}{' '}
              <span className="fine">
                {line.spec} × {line.quantity}
              </span>
            </Checkbox>
            <Amount fen={line.amountFen} />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

const REASONS = ['twice', 'order', 'patient', 'wrong'] as const
const MOST_LETTERS = 80

function ReasonChoice({
  reason,
  onChange,
}: {
  reason: string
  onChange: (reason: string) => void
}) {
  const { t } = useTranslation()
  return (
    <div className="refund-reason">
      <label>
        {t('refund.reason')}
        <input
          value={reason}
          maxLength={MOST_LETTERS}
          required
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <div className="choices" role="group" aria-label={t('refund.reasons.label')}>
        {REASONS.map((name) => (
          <Button key={name} size="small" onClick={() => onChange(t(`refund.reasons.${name}`))}>
            {t(`refund.reasons.${name}`)}
          </Button>
        ))}
      </div>
    </div>
  )
}

type ReviewProps = {
  payment: Payment
  wish: RefundWish
  isUnanswered: boolean
  isBusy: boolean
  error: unknown
  /** Why a second person must agree; null while nobody has said that one must. */
  why: readonly string[] | null
  onBack: () => void
  onSend: () => void
  onAsk: () => void
}

function Review(props: ReviewProps) {
  const { payment, wish, isUnanswered, isBusy, error, why } = props
  const { t } = useTranslation()
  return (
    <div className="refund">
      <WishFacts payment={payment} wish={wish} />
      {error !== null && whyApproval(error) === null && <Fault error={error} />}
      {why && (
        <p className="notice-held" role="status">
          <Icon name="alert" /> {t('approvals.needed')}{' '}
          {why.map((reason) => t(`approvals.whys.${reason}`, { defaultValue: reason })).join(' ')}
        </p>
      )}
      {isUnanswered && !isBusy && (
        <p className="fault">
          <Icon name="alert" />
          {t('refund.unanswered')}
        </p>
      )}
      <ReviewFoot {...props} />
    </div>
  )
}

function WishFacts({ payment, wish }: Pick<ReviewProps, 'payment' | 'wish'>) {
  const { t } = useTranslation()
  const bill = payment.bills.find(({ billNo }) => billNo === wish.billNo)
  const lines = bill?.lines.filter(({ lineNo }) => wish.lineNos.includes(lineNo)) ?? []
  return (
    <dl className="facts">
      <div>
        <dt>{t('moves.amount')}</dt>
        <dd className="refund-amount">
          <Amount fen={amountOf(payment, wish)} flow="out" />
        </dd>
      </div>
      <div>
        <dt>{t('payments.bills')}</dt>
        <dd>
          {bill?.title} <code>{wish.billNo}</code>
        </dd>
      </div>
      <div>
        <dt>{t('refund.which')}</dt>
        <dd>
          {wish.lineNos.length === 0
            ? t('refund.wholeBill')
            : lines.map(({ name }) => name).join('、')}
        </dd>
      </div>
      <div>
        <dt>{t('refund.reason')}</dt>
        <dd>{wish.reason}</dd>
      </div>
      <div>
        <dt>{t('refund.route')}</dt>
        <dd>{t('refund.originalRoute')}</dd>
      </div>
    </dl>
  )
}

function ReviewFoot({
  payment,
  wish,
  isUnanswered,
  isBusy,
  why,
  onBack,
  onSend,
  onAsk,
}: ReviewProps) {
  const { t } = useTranslation()
  const amount = amountText(amountOf(payment, wish))
  return (
    <footer className="refund-foot">
      {!isUnanswered && (
        <Button onClick={onBack} disabled={isBusy}>
          {t('refund.back')}
        </Button>
      )}
      {why ? (
        <Button type="primary" loading={isBusy} onClick={onAsk}>
          {t('approvals.ask', { amount })}
        </Button>
      ) : (
        <Button type="primary" danger loading={isBusy} onClick={onSend}>
          {t(isUnanswered ? 'refund.sendAgain' : 'refund.send', { amount })}
        </Button>
      )}
    </footer>
  )
}

/** What the wish gives back, to the fen: the lines' own amounts. */
function amountOf(payment: Payment, { billNo, lineNos }: RefundWish): number {
  const lines = payment.bills.find((bill) => bill.billNo === billNo)?.lines ?? []
  const wanted = lineNos.length === 0 ? lines : lines.filter((l) => lineNos.includes(l.lineNo))
  return sumFen(wanted, (line) => line.amountFen)
}
