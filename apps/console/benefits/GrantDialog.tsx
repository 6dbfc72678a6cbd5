import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { readAmount } from './AllotDialog.tsx'
import type { Patient, Programme } from './model.ts'
import { PatientFinder } from './Patient.tsx'
import { useGrant, useSell } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

const MOST_FEN = 100_000_000

type GrantDialogProps = { programme: Programme; onClose: () => void }

/** What one person gets of a programme: a package that was paid for, or a grant by a paper. */
export function GrantDialog({ programme, onClose }: GrantDialogProps) {
  const { t } = useBenefitWords()
  const [patient, setPatient] = useState<Patient | null>(null)
  const isSale = programme.terms.kind === 'package'
  const Form = isSale ? SaleForm : GrantForm
  return (
    <Modal
      open
      title={t(isSale ? 'grant.sell' : 'grant.open')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <PatientFinder patient={patient} onFound={setPatient} />
        <Form programme={programme} patient={patient} onClose={onClose} />
      </div>
    </Modal>
  )
}

type FormProps = GrantDialogProps & { patient: Patient | null }

function SaleForm({ programme, patient, onClose }: FormProps) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState('')
  const sell = useSell(hospitalId, { words: t('grant.sold'), onDone: onClose })
  const receiptNo = typed.trim()
  const priceFen = programme.terms.kind === 'package' ? programme.terms.priceFen : 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!patient || receiptNo === '') return
    sell.mutate({ programmeId: programme.id, personId: patient.personId, receiptNo })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <TextField
        label={t('grant.receiptNo')}
        value={typed}
        maxLength={80}
        hint={t('grant.receiptHint', { amount: amountText(priceFen) })}
        onChange={setTyped}
      />
      <p className="fine">{t('grant.second')}</p>
      {sell.error !== null && <Fault error={sell.error} />}
      <Button
        type="primary"
        htmlType="submit"
        disabled={!patient || receiptNo === ''}
        loading={sell.isPending}
      >
        {t('grant.sell')}
      </Button>
    </form>
  )
}

const START = { amount: '', validUntil: '', document: '', grounds: '' }

function GrantForm({ programme, patient, onClose }: FormProps) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState(START)
  const grant = useGrant(hospitalId, { words: t('grant.done'), onDone: onClose })
  const change = (key: keyof typeof START) => (value: string) =>
    setTyped({ ...typed, [key]: value })
  // A voucher is worth something; of a subsidy there may be as much as its terms give.
  const isOpen = programme.terms.kind === 'subsidy' && typed.amount.trim() === ''
  const amountFen = readAmount(typed.amount, MOST_FEN)
  const { validUntil } = typed
  const [document, grounds] = [typed.document.trim(), typed.grounds.trim()]
  const isReady =
    patient !== null &&
    (isOpen || amountFen !== null) &&
    validUntil !== '' &&
    document !== '' &&
    grounds !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const { personId } = patient
    const wish = { programmeId: programme.id, personId, validUntil, document, grounds }
    grant.mutate({ ...wish, amountFen: isOpen ? null : amountFen })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <TextField
        label={t('grant.amount')}
        value={typed.amount}
        isNumber
        isWrong={typed.amount !== '' && amountFen === null}
        {...(programme.terms.kind === 'subsidy' ? { hint: t('grant.amountHint') } : {})}
        onChange={change('amount')}
      />
      <TextField
        label={t('grant.validUntil')}
        type="date"
        value={validUntil}
        hint={t('programmes.until', { day: programme.endsOn })}
        onChange={change('validUntil')}
      />
      <TextField
        label={t('entitlements.document')}
        value={typed.document}
        maxLength={80}
        onChange={change('document')}
      />
      <label>
        {t('entitlements.grounds')}
        <textarea
          rows={2}
          maxLength={500}
          value={typed.grounds}
          onChange={(event) => change('grounds')(event.target.value)}
        />
      </label>
      <p className="fine">{t('grant.large')}</p>
      {grant.error !== null && <Fault error={grant.error} />}
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={grant.isPending}>
        {t('grant.open')}
      </Button>
    </form>
  )
}
