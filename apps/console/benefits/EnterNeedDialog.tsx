import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { NEED_KINDS, type Need, type Patient } from './model.ts'
import { PatientFinder } from './Patient.tsx'
import { useEnterNeed } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

const FOUND_BYS = ['civil_affairs', 'hospital'] as const satisfies readonly Need['foundBy'][]
const MOST_LETTERS = 100

type EnterNeedDialogProps = { start: Patient | null; onClose: () => void }

/** One person entered in the register, by the list or the paper that names them. */
export function EnterNeedDialog({ start, onClose }: EnterNeedDialogProps) {
  const { t } = useBenefitWords()
  const [patient, setPatient] = useState(start)
  return (
    <Modal
      open
      title={t('needs.enter')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <PatientFinder patient={patient} onFound={setPatient} />
        <NeedForm patient={patient} onClose={onClose} />
      </div>
    </Modal>
  )
}

function NeedForm({ patient, onClose }: { patient: Patient | null; onClose: () => void }) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [kind, setKind] = useState<Need['kind']>('minimum_living')
  const [foundBy, setFoundBy] = useState<Need['foundBy']>('civil_affairs')
  const [typed, setTyped] = useState('')
  const [validFrom, setValidFrom] = useState<string>(today())
  const [validUntil, setValidUntil] = useState('')
  const enter = useEnterNeed(hospitalId, { words: t('needs.entered'), onDone: onClose })
  const document = typed.trim()
  const isReady = patient !== null && document !== '' && validFrom !== '' && validUntil >= validFrom
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const people = [{ personId: patient.personId, kind }]
    enter.mutate({ foundBy, document, validFrom, validUntil, people })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <SelectField
        label={t('needs.kind')}
        value={kind}
        options={NEED_KINDS.map((value) => ({ value, label: t(`needs.kinds.${value}`) }))}
        onChange={(value) => setKind(oneOf(NEED_KINDS, value) ?? kind)}
      />
      <SelectField
        label={t('needs.foundBy')}
        value={foundBy}
        options={FOUND_BYS.map((value) => ({ value, label: t(`needs.foundBys.${value}`) }))}
        onChange={(value) => setFoundBy(oneOf(FOUND_BYS, value) ?? foundBy)}
      />
      <TextField
        label={t('needs.document')}
        value={typed}
        maxLength={MOST_LETTERS}
        hint={t('needs.documentHint')}
        onChange={setTyped}
      />
      <div className="field-row">
        <TextField
          label={t('needs.validFrom')}
          type="date"
          value={validFrom}
          onChange={setValidFrom}
        />
        <TextField
          label={t('needs.validUntil')}
          type="date"
          value={validUntil}
          isWrong={validUntil !== '' && validUntil < validFrom}
          onChange={setValidUntil}
        />
      </div>
      {enter.error !== null && <Fault error={enter.error} />}
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={enter.isPending}>
        {t('needs.enter')}
      </Button>
    </form>
  )
}
