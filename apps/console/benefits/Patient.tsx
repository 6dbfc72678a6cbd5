import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { api } from '../api.ts'
import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Patient } from './model.ts'
import { useLookUpPatient } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

/** What people of a list are called: masked, and null for whom nobody knows or while it is asked. */
export function usePatientNames(
  personIds: readonly string[] | undefined,
): (personId: string) => Patient | null {
  const { hospitalId } = useStaff()
  const ids = [...new Set(personIds)].toSorted()
  const { data } = api.query.useQuery(
    'post',
    '/v1/hospitals/{hospitalId}/patient-names',
    { params: { path: { hospitalId } }, body: { personIds: ids } },
    { enabled: ids.length > 0, staleTime: 300_000 },
  )
  return (personId) => data?.items.find((patient) => patient.personId === personId) ?? null
}

const SHOWN_OF_AN_ID = 8

/** A person in a list; by the end of their number in the hub where there is no name. */
export function PatientName({ patient, personId }: { patient: Patient | null; personId: string }) {
  if (!patient) return <code>…{personId.slice(-SHOWN_OF_AN_ID)}</code>
  return (
    <span className="two-lines">
      {patient.name}
      <code className="fine on-wide-only">{patient.idCardNo}</code>
    </span>
  )
}

type PatientFinderProps = { patient: Patient | null; onFound: (patient: Patient | null) => void }

/** Finds a person by a whole number that was shown at the window. No part of a name finds anybody. */
export function PatientFinder({ patient, onFound }: PatientFinderProps) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [kind, setKind] = useState<'id_card' | 'hospital_card'>('id_card')
  const [typed, setTyped] = useState('')
  const find = useLookUpPatient(hospitalId)
  const number = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (number !== '') find.mutate({ kind, number }, { onSuccess: onFound })
  }
  if (patient) {
    return (
      <div className="patient-found" role="status">
        <PatientName patient={patient} personId={patient.personId} />
        <Button size="small" onClick={() => onFound(null)}>
          {t('patient.other')}
        </Button>
      </div>
    )
  }
  return (
    <form className="patient-finder" role="search" aria-label={t('patient.find')} onSubmit={submit}>
      <SelectField
        label={t('patient.by')}
        value={kind}
        options={(['id_card', 'hospital_card'] as const).map((value) => ({
          value,
          label: t(`patient.kinds.${value}`),
        }))}
        onChange={(value) => setKind(value === 'id_card' ? 'id_card' : 'hospital_card')}
      />
      <TextField
        label={t('patient.number')}
        value={typed}
        maxLength={60}
        hint={t('patient.hint')}
        onChange={setTyped}
      />
      <Button htmlType="submit" disabled={number === ''} loading={find.isPending}>
        {t('patient.find')}
      </Button>
      {find.error !== null && <Fault error={find.error} />}
      {find.data === null && (
        <p role="alert" className="notice-held">
          {t('patient.none')}
        </p>
      )}
    </form>
  )
}
