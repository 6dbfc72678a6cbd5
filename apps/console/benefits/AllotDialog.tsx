import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Programme } from './model.ts'
import { useAllot } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

const MOST_FEN = 100_000_000_000
const MOST_LETTERS = 100

type AllotDialogProps = { programme: Programme; onClose: () => void }

/** Money of the funder put into a budget, or what is free of it taken back, by a paper that says so. */
export function AllotDialog({ programme: { id, budget }, onClose }: AllotDialogProps) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [way, setWay] = useState<Way>('in')
  const [amount, setAmount] = useState('')
  const [typed, setTyped] = useState('')
  const freeFen = budget?.freeFen ?? 0
  const mostFen = way === 'in' ? MOST_FEN : freeFen
  const amountFen = readAmount(amount, mostFen)
  const document = typed.trim()
  const allot = useAllot({ hospitalId, id }, { words: t('allot.done'), onDone: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (amountFen === null || document === '') return
    allot.mutate({ amountFen: way === 'in' ? amountFen : 0 - amountFen, document })
  }
  return (
    <Modal
      open
      title={t('allot.open')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="note-form" onSubmit={submit}>
        <WayField way={way} mayTakeBack={freeFen > 0} onChange={setWay} />
        <TextField
          label={t('allot.amount')}
          value={amount}
          isNumber
          isWrong={amount !== '' && amountFen === null}
          hint={
            way === 'in' ? t('allot.large') : t('allot.most', { amount: toYuanText(fen(freeFen)) })
          }
          onChange={setAmount}
        />
        <TextField
          label={t('allot.document')}
          value={typed}
          maxLength={MOST_LETTERS}
          hint={t('allot.documentHint')}
          onChange={setTyped}
        />
        {allot.error !== null && <Fault error={allot.error} />}
        <Button
          type="primary"
          htmlType="submit"
          disabled={amountFen === null || document === ''}
          loading={allot.isPending}
        >
          {amountFen === null
            ? t(`allot.ways.${way}`)
            : t(`allot.act.${way}`, { amount: amountText(amountFen) })}
        </Button>
      </form>
    </Modal>
  )
}

type Way = 'in' | 'back'

type WayFieldProps = { way: Way; mayTakeBack: boolean; onChange: (way: Way) => void }

function WayField({ way, mayTakeBack, onChange }: WayFieldProps) {
  const { t } = useBenefitWords()
  return (
    <fieldset className="check-group">
      <legend>{t('allot.way')}</legend>
      {(['in', 'back'] as const).map((one) => (
        <label key={one} className="inline-field">
          <input
            type="radio"
            name="way"
            checked={way === one}
            disabled={one === 'back' && !mayTakeBack}
            onChange={() => onChange(one)}
          />
          {t(`allot.ways.${one}`)}
        </label>
      ))}
    </fieldset>
  )
}

/** Yuan as they were typed, in fen: above zero and at most so much; null for anything else. */
export function readAmount(typed: string, mostFen: number): number | null {
  const amountFen = parseYuan(typed.trim())
  return amountFen === null || amountFen <= 0 || amountFen > mostFen ? null : amountFen
}
