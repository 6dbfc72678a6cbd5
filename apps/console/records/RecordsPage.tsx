import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { formText } from '../../web/form-text.ts'
import { readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { Choice } from './Choice.tsx'
import { GlassForm } from './GlassForm.tsx'
import { RecordsCard } from './RecordsCard.tsx'
import { useReading } from './use-records.ts'
import { KINDS, MEDIA, PURPOSES, type Reading, useRecordWords } from './words.ts'

/** What another hospital has of a patient, for a doctor who treats them: with the patient's consent, or in an emergency. */
export function RecordsPage() {
  const { t } = useRecordWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('title'))
  const [asked, setAsked] = useState<Reading | null>(null)
  const reading = useReading(hospitalId)
  const read = (wish: Reading) => {
    setAsked(wish)
    reading.mutate(wish)
  }
  const failure = reading.error === null ? null : readFailure(reading.error)
  const isRefused = failure?.code === 'record_sharing.not_allowed'
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      <ReadingForm isPending={reading.isPending} onAsk={read} />
      {failure && !isRefused && <Fault error={reading.error} />}
      {isRefused && asked && (
        <GlassForm
          key={asked.medium.value}
          asked={asked}
          because={String(failure.params['because'] ?? 'none')}
          onBroken={() => read({ ...asked, purpose: 'treatment' })}
        />
      )}
      {reading.data && asked && (
        <RecordsCard
          read={reading.data}
          kind={asked.kind}
          onOpen={(recordNo) => read({ ...asked, recordNo })}
        />
      )}
    </div>
  )
}

type ReadingFormProps = { isPending: boolean; onAsk: (wish: Reading) => void }

function ReadingForm({ isPending, onAsk }: ReadingFormProps) {
  const { t } = useRecordWords()
  const { hospitalId } = useStaff()
  const { data } = api.query.useQuery('get', '/v1/hospitals', {}, { staleTime: Infinity })
  const others = data?.items.filter(({ id }) => id !== hospitalId) ?? []
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const text = (name: string) => formText(fields, name)
    onAsk({
      medium: { kind: text('medium') as Reading['medium']['kind'], value: text('value') },
      holderId: Number(text('holderId')),
      purpose: text('purpose') as Reading['purpose'],
      kind: text('kind') as Reading['kind'],
    })
  }
  return (
    <form className="card note-form" onSubmit={submit} aria-label={t('ask')}>
      <Choice name="medium" label={t('medium')} values={MEDIA} word={(of) => t(`media.${of}`)} />
      <label>
        {t('number')}
        <input name="value" required maxLength={200} autoComplete="off" />
      </label>
      <label>
        {t('holder')}
        <select name="holderId" required>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Choice name="kind" label={t('kind')} values={KINDS} word={(of) => t(`kinds.${of}`)} />
      <Choice
        name="purpose"
        label={t('purpose')}
        values={PURPOSES}
        word={(of) => t(`purposes.${of}`)}
      />
      <p className="fine">{t('everyLook')}</p>
      <Button type="primary" htmlType="submit" loading={isPending} disabled={others.length === 0}>
        {t('look')}
      </Button>
    </form>
  )
}
