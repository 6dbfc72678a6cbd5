import { Button, Checkbox, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { useAddScreen, useArrival, useOpenLine } from './use-queue.ts'
import { DESK_MEDIA, type Line, LINE_KINDS, lineName, useQueueWords } from './words.ts'

/** Somebody is at the desk: their card or code is read, and they are in the line. */
export function ArriveForm({ line }: { line: Line | undefined }) {
  const { t } = useQueueWords()
  const [kind, setKind] = useState<(typeof DESK_MEDIA)[number]>('social_card')
  const [value, setValue] = useState('')
  const [hasResults, setResults] = useState(false)
  const arrive = useArrival(t('arrive.done'))
  const send = (lineId: string | null) =>
    arrive.mutate(
      { medium: { kind, value: value.trim() }, lineId, hasResults },
      { onSuccess: () => setValue('') },
    )
  const isEmpty = value.trim() === ''
  return (
    <section className="card" aria-labelledby="arrive-title">
      <h2 id="arrive-title">{t('arrive.title')}</h2>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isEmpty) send(null)
        }}
      >
        <Labelled text={t('arrive.kind')}>
          <Select
            aria-label={t('arrive.kind')}
            value={kind}
            options={DESK_MEDIA.map((one) => ({ value: one, label: t(`media.${one}`) }))}
            onChange={setKind}
          />
        </Labelled>
        <Labelled text={t('arrive.value')}>
          <Input value={value} maxLength={200} onChange={({ target }) => setValue(target.value)} />
        </Labelled>
        <Button htmlType="submit" type="primary" disabled={isEmpty} loading={arrive.isPending}>
          {t('arrive.checkIn')}
        </Button>
        {line && (
          <>
            <Button disabled={isEmpty || arrive.isPending} onClick={() => send(line.id)}>
              {t('arrive.walkIn', { line: lineName(line) })}
            </Button>
            <Checkbox checked={hasResults} onChange={({ target }) => setResults(target.checked)}>
              {t('arrive.hasResults')}
            </Checkbox>
          </>
        )}
      </form>
      {arrive.error ? <Fault error={arrive.error} /> : null}
    </section>
  )
}

/** A room without bookings opens its line for the day. */
export function OpenLineForm() {
  const { t } = useQueueWords()
  const [kind, setKind] = useState<(typeof LINE_KINDS)[number]>('laboratory')
  const [departmentCode, setCode] = useState('')
  const [departmentName, setName] = useState('')
  const [location, setLocation] = useState('')
  const open = useOpenLine(t('open.done'))
  const isWhole = [departmentCode, departmentName, location].every((text) => text.trim() !== '')
  return (
    <details className="card">
      <summary>{t('open.title')}</summary>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) open.mutate({ kind, departmentCode, departmentName, location })
        }}
      >
        <KindChoice value={kind} onChange={setKind} />
        <Text label={t('open.code')} value={departmentCode} most={30} onChange={setCode} />
        <Text label={t('open.name')} value={departmentName} most={100} onChange={setName} />
        <Text label={t('open.location')} value={location} most={200} onChange={setLocation} />
        <Button htmlType="submit" disabled={!isWhole} loading={open.isPending}>
          {t('open.send')}
        </Button>
      </form>
      {open.error ? <Fault error={open.error} /> : null}
    </details>
  )
}

/** A screen on a wall: its address carries its proof, and is shown this once. */
export function ScreenForm() {
  const { t } = useQueueWords()
  const [name, setName] = useState('')
  const [departmentCode, setCode] = useState('')
  const [lineKind, setKind] = useState<(typeof LINE_KINDS)[number]>('clinic')
  const add = useAddScreen()
  const isWhole = name.trim() !== '' && departmentCode.trim() !== ''
  return (
    <section className="card" aria-labelledby="screen-title">
      <h2 id="screen-title">{t('screens.title')}</h2>
      <p className="fine">{t('screens.hint')}</p>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) add.mutate({ name, departmentCode, lineKind })
        }}
      >
        <Text label={t('screens.name')} value={name} most={60} onChange={setName} />
        <Text label={t('open.code')} value={departmentCode} most={30} onChange={setCode} />
        <KindChoice value={lineKind} onChange={setKind} />
        <Button htmlType="submit" disabled={!isWhole} loading={add.isPending}>
          {t('screens.add')}
        </Button>
      </form>
      {add.error ? <Fault error={add.error} /> : null}
      {add.data && (
        <p role="status">
          <a href={add.data} target="_blank" rel="noreferrer">
            {t('screens.open')}
          </a>{' '}
          <span className="fine">{t('screens.once')}</span>
        </p>
      )}
    </section>
  )
}

type Kind = (typeof LINE_KINDS)[number]

function KindChoice({ value, onChange }: { value: Kind; onChange: (kind: Kind) => void }) {
  const { t } = useQueueWords()
  return (
    <Labelled text={t('open.kind')}>
      <Select
        aria-label={t('open.kind')}
        value={value}
        options={LINE_KINDS.map((one) => ({ value: one, label: t(`kinds.${one}`) }))}
        onChange={onChange}
      />
    </Labelled>
  )
}

function Text({ label, value, most, onChange }: TextProps) {
  return (
    <Labelled text={label}>
      <Input value={value} maxLength={most} onChange={({ target }) => onChange(target.value)} />
    </Labelled>
  )
}

const Labelled = ({ text, children }: { text: string; children: ReactNode }) => (
  <label className="queue-pick">
    <span>{text}</span>
    {children}
  </label>
)

type TextProps = {
  label: string
  value: string
  most: number
  onChange: (text: string) => void
}
