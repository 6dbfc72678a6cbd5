import { Link } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { parseYuan, toYuanText, fen } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { now } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Received } from './model.ts'
import { type Receipt, useReportReceived } from './use-money.ts'
import { useBankWords } from './words.ts'

const MOST_FEN = 1_000_000_000
const MOST_LETTERS = 50
const PAYERS = ['self', 'family'] as const

/** What money came for: a repayment that was announced by its number, or a loan by itself. */
export type ReceivedFor = {
  number: string | null
  loanId: string | null
  /** Null where nothing was announced. */
  announcedFen: number | null
  payer: Receipt['payer']
}

type ReceivedDialogProps = { about: ReceivedFor; onClose: () => void }

/** Records money that the bank has received, and then says what became of it. */
export function ReceivedDialog({ about, onClose }: ReceivedDialogProps) {
  const { t } = useBankWords()
  const [received, setReceived] = useState<Received | null>(null)
  return (
    <Modal
      open
      title={t('received.title')}
      onCancel={onClose}
      footer={null}
      width="34rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      {received ? (
        <Booked received={received} onClose={onClose} />
      ) : (
        <ReceivedForm about={about} onReceived={setReceived} />
      )}
    </Modal>
  )
}

type FormProps = { about: ReceivedFor; onReceived: (received: Received) => void }

function ReceivedForm({ about, onReceived }: FormProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [reference, setReference] = useState('')
  const [amount, setAmount] = useState(
    about.announcedFen === null ? '' : toYuanText(fen(about.announcedFen)),
  )
  const [moment, setMoment] = useState(() => toShanghaiText(now()).slice(0, 16).replace(' ', 'T'))
  const [payer, setPayer] = useState(about.payer)
  const report = useReportReceived(lenderId, t('received.done'))
  const amountFen = amountOf(amount)
  const receivedAt = instantOf(moment)
  const isReference = /^[!-~]+$/.test(reference.trim())
  const isReady = isReference && amountFen !== null && receivedAt !== null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const receipt = { reference: reference.trim(), amountFen, receivedAt, payer }
    report.mutate({ ...receipt, ...subjectOf(about) }, { onSuccess: onReceived })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <TextField
        label={t('received.reference')}
        value={reference}
        maxLength={MOST_LETTERS}
        isWrong={reference !== '' && !isReference}
        hint={t('received.referenceHint')}
        onChange={setReference}
      />
      <TextField
        label={t('received.amount')}
        value={amount}
        isNumber
        isWrong={amount !== '' && amountFen === null}
        onChange={setAmount}
      />
      <TextField
        label={t('received.at')}
        type="datetime-local"
        value={moment}
        isWrong={receivedAt === null}
        hint={t('received.atHint')}
        onChange={setMoment}
      />
      <PayerChoice payer={payer} onChange={setPayer} />
      <Warnings about={about} amountFen={amountFen} />
      {report.error !== null && <Fault error={report.error} />}
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={report.isPending}>
        {amountFen === null
          ? t('received.open')
          : t('received.save', { amount: amountText(amountFen) })}
      </Button>
    </form>
  )
}

type PayerChoiceProps = { payer: Receipt['payer']; onChange: (payer: Receipt['payer']) => void }

function PayerChoice({ payer, onChange }: PayerChoiceProps) {
  const { t } = useBankWords()
  return (
    <fieldset className="resolutions">
      <legend>{t('received.payer')}</legend>
      {PAYERS.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="payer"
            checked={payer === each}
            onChange={() => onChange(each)}
          />
          <span>{t(`received.payers.${each}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** What will come of an amount that nobody expected, before it is told. */
function Warnings({ about, amountFen }: { about: ReceivedFor; amountFen: number | null }) {
  const { t } = useBankWords()
  const record = useRecord(about.loanId)
  if (amountFen === null) return null
  const { announcedFen } = about
  const owedFen = record.data?.owedTodayFen
  return (
    <>
      {announcedFen !== null && amountFen !== announcedFen && (
        <p className="notice-held">{t('received.differs', { amount: amountText(announcedFen) })}</p>
      )}
      {owedFen !== undefined && amountFen > owedFen && (
        <p className="notice-held">
          {t('received.surplus', {
            owed: amountText(owedFen),
            amount: amountText(amountFen - owedFen),
          })}
        </p>
      )}
    </>
  )
}

function Booked({ received, onClose }: { received: Received; onClose: () => void }) {
  const { t } = useBankWords()
  const { loanId, reference, bookedAs, amountFen } = received
  const record = useRecord(loanId)
  const booked = record.data?.repayments.find((one) => one.repaymentNo === `received:${reference}`)
  const excessFen = bookedAs === 'owed_to_payer' ? amountFen : (booked?.excessFen ?? 0)
  return (
    <div className="note-form" role="status">
      <p>
        <strong>{t('received.done')}</strong> <Amount fen={amountFen} flow="in" />
      </p>
      <p>{t(`received.bookedAs.${bookedAs}`)}</p>
      {excessFen > 0 && (
        <p className="notice-held">
          {t('received.owed', { amount: amountText(excessFen) })}{' '}
          <Link to="/bank/payouts">{t('payouts.title')}</Link>
        </p>
      )}
      {loanId !== null && (
        <Link to="/bank/loans/$loanId" params={{ loanId }} onClick={onClose}>
          {t('received.loan')}
        </Link>
      )}
      <Button type="primary" onClick={onClose}>
        {t('received.close')}
      </Button>
    </div>
  )
}

const useRecord = (loanId: string | null) => {
  const { hospitalId: lenderId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/loans/{id}/record',
    { params: { path: { lenderId, id: loanId ?? '' } } },
    { enabled: loanId !== null },
  )
}

function subjectOf({ number, loanId }: ReceivedFor): { number: string } | { loanId: string } {
  return number === null ? { loanId: loanId ?? '' } : { number }
}

function amountOf(text: string): number | null {
  const typed = parseYuan(text.trim())
  return typed === null || typed <= 0 || typed > MOST_FEN ? null : typed
}

/** A wall clock's time in Shanghai as an instant; null for what is none, or still to come. */
function instantOf(text: string): string | null {
  const instant = new Date(`${text}:00+08:00`)
  if (Number.isNaN(instant.getTime()) || instant > now()) return null
  return instant.toISOString()
}
