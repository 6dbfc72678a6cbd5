import { getRouteApi, Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type DragEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import type { Schedule } from './model.ts'
import type { Wish } from './send-file.ts'
import { useLayouts } from './use-statements.ts'
import { type Upload, useUploads, useUploadText } from './use-uploads.ts'
import { LOOK_OF_FILE, useStatementWords } from './words.ts'

const OTHER = '-'
const SOURCE = /^[a-z][a-z0-9-]{0,29}$/

/** Handing lists in by button or by dropping them, with how far each is and what became of it. */
export function UploadCard({ schedules }: { schedules: readonly Schedule[] }) {
  const { t } = useStatementWords()
  const { uploads, add, again } = useUploads()
  const wish = useWish(schedules)
  return (
    <section className="card upload" aria-labelledby="upload-title">
      <h2 id="upload-title">{t('upload.title')}</h2>
      <WishFields schedules={schedules} wish={wish} />
      <DropPlace
        missing={wish.missing}
        onFiles={(files) => wish.missing === null && add(files, wish.value)}
      />
      {uploads.length > 0 && (
        <ul className="uploads" aria-label={t('upload.list')}>
          {uploads.map((upload) => (
            <OneUpload key={upload.id} upload={upload} onAgain={() => again(upload)} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** What the files are: typed here, or the source and day chosen in the month. */
function useWish(schedules: readonly Schedule[]) {
  const { t } = useStatementWords()
  const date = useBusinessDate()
  const { source: chosen } = getRouteApi('/office/statements').useSearch()
  const [typed, setTyped] = useState<Partial<Record<WishField, string>>>({})
  const only = schedules.length === 1 ? schedules[0]?.source : undefined
  const isKnown = (name: string | undefined) => schedules.some(({ source }) => source === name)
  const start = isKnown(chosen) ? chosen : (only ?? (schedules.length === 0 ? OTHER : ''))
  const fields = {
    source: typed.source ?? start ?? '',
    name: typed.name ?? '',
    date: typed.date ?? (chosen ? date : ''),
    layout: typed.layout ?? '',
  }
  const source = fields.source === OTHER ? fields.name.trim() : fields.source
  const value: Wish = {
    source,
    ...(fields.date === '' ? {} : { date: fields.date }),
    ...(fields.layout === '' ? {} : { layout: fields.layout }),
  }
  const isOther = fields.source === OTHER
  const needsLayout = isOther && !isKnown(source) && fields.layout === ''
  const missing = !SOURCE.test(source)
    ? t('upload.needSource')
    : needsLayout
      ? t('upload.needLayout')
      : null
  const change = (name: WishField) => (text: string) =>
    setTyped((all) => ({ ...all, [name]: text }))
  return { fields, value, missing, change }
}

type WishField = 'source' | 'name' | 'date' | 'layout'
type WishFieldsProps = { schedules: readonly Schedule[]; wish: ReturnType<typeof useWish> }

function WishFields({ schedules, wish: { fields, change } }: WishFieldsProps) {
  const { t } = useStatementWords()
  const { i18n } = useTranslation()
  const nameOf = useProviderName()
  const layouts = useLayouts()
  return (
    <div className="upload-fields">
      <SelectField
        label={t('upload.source')}
        value={fields.source}
        options={[
          ...(fields.source === '' ? [{ value: '', label: t('upload.pick') }] : []),
          ...schedules.map(({ source }) => ({ value: source, label: nameOf(source) })),
          { value: OTHER, label: t('upload.other') },
        ]}
        onChange={change('source')}
      />
      {fields.source === OTHER && (
        <TextField
          label={t('upload.otherName')}
          value={fields.name}
          maxLength={30}
          isWrong={fields.name !== '' && !SOURCE.test(fields.name)}
          hint={t('upload.otherHint')}
          onChange={change('name')}
        />
      )}
      <SelectField
        label={t('upload.layout')}
        value={fields.layout}
        options={[
          { value: '', label: t('upload.bySchedule') },
          ...layouts.map(({ name, titleZh, titleEn }) => ({
            value: name,
            label: i18n.language === 'en' ? titleEn : titleZh,
          })),
        ]}
        onChange={change('layout')}
      />
      <TextField
        label={t('upload.date')}
        type="date"
        value={fields.date}
        hint={t('upload.dateHint')}
        onChange={change('date')}
      />
    </div>
  )
}

type DropPlaceProps = { missing: string | null; onFiles: (files: readonly File[]) => void }

function DropPlace({ missing, onFiles }: DropPlaceProps) {
  const { t } = useStatementWords()
  const [isOver, setIsOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const hint = useId()
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setIsOver(over)
  }
  const drop = (event: DragEvent) => {
    drag(false)(event)
    onFiles([...event.dataTransfer.files])
  }
  return (
    <div
      className={`drop-place ${isOver ? 'is-over' : ''}`}
      onDragEnter={drag(true)}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={drop}
    >
      <p id={hint}>{missing ?? (isOver ? t('upload.drop') : t('upload.lead'))}</p>
      <Button
        icon={<Icon name="upload" />}
        disabled={missing !== null}
        aria-describedby={hint}
        onClick={() => input.current?.click()}
      >
        {t('upload.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          // The same file chosen again is a change again.
          event.target.value = ''
        }}
      />
    </div>
  )
}

function OneUpload({ upload, onAgain }: { upload: Upload; onAgain: () => void }) {
  const { t } = useStatementWords()
  const text = useUploadText()(upload)
  const { name, state } = upload
  return (
    <li>
      <span className="upload-name">
        {state.step === 'done' ? (
          <Link
            to="/statements/$fileId"
            params={{ fileId: state.sent.file.id }}
            aria-label={t('upload.open', { name })}
          >
            {name}
          </Link>
        ) : (
          name
        )}
      </span>
      {state.step === 'sending' && (
        <progress max={100} value={state.percent} aria-label={name}>
          {text}
        </progress>
      )}
      {state.step === 'done' ? (
        <StatusChip {...LOOK_OF_FILE[state.sent.file.status]} text={text} />
      ) : (
        <span className="fine">{text}</span>
      )}
      {state.step === 'failed' && (
        <>
          <Fault error={state.error} />
          <Button size="small" onClick={onAgain}>
            {t('upload.again')}
          </Button>
        </>
      )}
    </li>
  )
}
