import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import type { Schedule } from './model.ts'
import { useLayouts, useSaveSchedule } from './use-statements.ts'
import { useStatementWords } from './words.ts'

const SOURCE = /^[a-z][a-z0-9-]{0,29}$/
const MOST_DAYS_LATER = 15

/** What is typed of a schedule, all of it text. */
type Draft = Record<(typeof TEXTS)[number], string> & Pick<Schedule, 'calendar' | 'isActive'>

const TEXTS = [
  'source',
  'layout',
  'account',
  'namePattern',
  'firstDate',
  'dayOffset',
  'expectedAt',
  'lateAt',
  'missingAt',
] as const

/** Says when a source's list is expected; `known` is null for a source that has no schedule yet. */
export function ScheduleDialog({
  known,
  onClose,
}: {
  known: Schedule | null
  onClose: () => void
}) {
  const { t } = useStatementWords()
  const { hospitalId } = useStaff()
  const nameOf = useProviderName()
  const [draft, setDraft] = useState<Draft>(() => draftOf(known))
  const save = useSaveSchedule(onClose)
  const change = (some: Partial<Draft>) => setDraft((all) => ({ ...all, ...some }))
  const isInOrder = draft.expectedAt <= draft.lateAt && draft.lateAt <= draft.missingAt
  const isWhole = SOURCE.test(draft.source) && draft.layout !== '' && draft.firstDate !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isWhole || !isInOrder) return
    const { source } = draft
    save.mutate({ params: { path: { hospitalId, source } }, body: bodyOf(draft, known) })
  }
  return (
    <Modal
      open
      title={known ? t('schedules.editOf', { source: nameOf(known.source) }) : t('schedules.add')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="note-form schedule-form" onSubmit={submit}>
        <WhatFields draft={draft} isNew={known === null} onChange={change} />
        <WhenFields draft={draft} isInOrder={isInOrder} onChange={change} />
        {save.error !== null && <Fault error={save.error} />}
        <Button
          type="primary"
          htmlType="submit"
          disabled={!isWhole || !isInOrder}
          loading={save.isPending}
        >
          {t('schedules.save')}
        </Button>
      </form>
    </Modal>
  )
}

type FieldsProps = { draft: Draft; onChange: (some: Partial<Draft>) => void }

function WhatFields({ draft, isNew, onChange }: FieldsProps & { isNew: boolean }) {
  const { t } = useStatementWords()
  const { i18n } = useTranslation()
  const layouts = useLayouts()
  const { source, layout, account, namePattern } = draft
  return (
    <>
      {isNew && (
        <TextField
          label={t('upload.otherName')}
          value={source}
          maxLength={30}
          isWrong={source !== '' && !SOURCE.test(source)}
          hint={t('upload.otherHint')}
          onChange={(text) => onChange({ source: text })}
        />
      )}
      <SelectField
        label={t('schedules.layout')}
        value={layout}
        options={[
          ...(layout === '' ? [{ value: '', label: '—' }] : []),
          ...layouts.map(({ name, titleZh, titleEn }) => ({
            value: name,
            label: i18n.language === 'en' ? titleEn : titleZh,
          })),
        ]}
        onChange={(value) => onChange({ layout: value })}
      />
      <TextField
        label={t('schedules.account')}
        value={account}
        hint={t('schedules.accountHint')}
        onChange={(text) => onChange({ account: text })}
      />
      <TextField
        label={t('schedules.pattern')}
        value={namePattern}
        maxLength={300}
        hint={t('schedules.patternHint')}
        onChange={(text) => onChange({ namePattern: text })}
      />
    </>
  )
}

function WhenFields({ draft, isInOrder, onChange }: FieldsProps & { isInOrder: boolean }) {
  const { t } = useStatementWords()
  const days = Array.from({ length: MOST_DAYS_LATER + 1 }, (_, day) => String(day))
  return (
    <>
      <div className="schedule-times">
        {(['expectedAt', 'lateAt', 'missingAt'] as const).map((name) => (
          <TextField
            key={name}
            label={t(`schedules.${WORD_OF_TIME[name]}`)}
            type="time"
            value={draft[name]}
            isWrong={!isInOrder}
            onChange={(text) => onChange({ [name]: text })}
          />
        ))}
      </div>
      {!isInOrder && (
        <p className="fine tone-bad" role="alert">
          {t('schedules.order')}
        </p>
      )}
      <div className="schedule-times">
        <SelectField
          label={t('schedules.offset')}
          value={draft.dayOffset}
          options={days.map((value) => ({ value, label: value }))}
          onChange={(dayOffset) => onChange({ dayOffset })}
        />
        <SelectField
          label={t('schedules.calendar')}
          value={draft.calendar}
          options={(['every_day', 'weekdays'] as const).map((value) => ({
            value,
            label: t(`schedules.calendars.${value}`),
          }))}
          onChange={(value) =>
            onChange({ calendar: value === 'weekdays' ? 'weekdays' : 'every_day' })
          }
        />
        <TextField
          label={t('schedules.first')}
          type="date"
          value={draft.firstDate}
          onChange={(firstDate) => onChange({ firstDate })}
        />
      </div>
      <label className="schedule-active">
        <input
          type="checkbox"
          checked={draft.isActive}
          onChange={(event) => onChange({ isActive: event.target.checked })}
        />
        {t('schedules.active')}
      </label>
    </>
  )
}

const WORD_OF_TIME = { expectedAt: 'expected', lateAt: 'late', missingAt: 'missing' } as const

/** A new one is expected the next day, as banks and wallets have it. */
const draftOf = (known: Schedule | null): Draft => ({
  source: known?.source ?? '',
  layout: known?.layout ?? '',
  account: known?.account ?? '',
  namePattern: known?.namePattern ?? '',
  firstDate: known?.firstDate ?? today(),
  dayOffset: String(known?.dayOffset ?? 1),
  expectedAt: known?.expectedAt ?? '10:00',
  lateAt: known?.lateAt ?? '12:00',
  missingAt: known?.missingAt ?? '15:00',
  calendar: known?.calendar ?? 'every_day',
  isActive: known?.isActive ?? true,
})

function bodyOf({ source: _source, ...draft }: Draft, known: Schedule | null) {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  return {
    ...draft,
    account: orNull(draft.account),
    namePattern: orNull(draft.namePattern),
    dayOffset: Number(draft.dayOffset),
    daysOff: known?.daysOff ?? [],
    daysOn: known?.daysOn ?? [],
  }
}
