import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { formText } from '../../web/form-text.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ActForm } from './ActForm.tsx'
import { type MediumAct, usePresented } from './use-media.ts'
import {
  type Holder,
  KINDS,
  type Kind,
  type Medium,
  type Presented,
  useMediaWords,
} from './words.ts'

/** 卡证: whom a card identifies, all that the person is known by, and what a desk does about it. */
export function MediaPage() {
  const { t } = useMediaWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('title'))
  const [asked, setAsked] = useState<Presented | null>(null)
  const presented = usePresented(hospitalId)
  const present = (wish: Presented) => {
    setAsked(wish)
    presented.mutate(wish)
  }
  const done = () => {
    announce(t('done'))
    if (asked) presented.mutate(asked)
  }
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      <PresentForm isPending={presented.isPending} onPresent={present} />
      {presented.error !== null && <Fault error={presented.error} />}
      {presented.data && <HolderCard holder={presented.data} onDone={done} />}
    </div>
  )
}

type PresentFormProps = { isPending: boolean; onPresent: (wish: Presented) => void }

function PresentForm({ isPending, onPresent }: PresentFormProps) {
  const { t } = useMediaWords()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    onPresent({ kind: formText(fields, 'kind') as Kind, value: formText(fields, 'value') })
  }
  return (
    <form className="card note-form" onSubmit={submit} aria-label={t('present')}>
      <label>
        {t('medium')}
        <select name="kind">
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kinds.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('number')}
        <input name="value" required maxLength={200} autoComplete="off" />
      </label>
      <p className="fine">{t('everyLook')}</p>
      <Button type="primary" htmlType="submit" loading={isPending}>
        {t('present')}
      </Button>
    </form>
  )
}

type Chosen = { act: MediumAct['act']; medium: Medium | null }

function HolderCard({ holder, onDone }: { holder: Holder; onDone: () => void }) {
  const { t } = useMediaWords()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const { currentPersonId, name, status, media } = holder
  const close = () => setChosen(null)
  return (
    <section className="card" aria-labelledby="holder">
      <h2 id="holder">{name}</h2>
      {status !== 'active' && <p role="status">{t(`presentedIs.${status}`)}</p>}
      <ul className="media-list">
        {media.map((medium) => (
          <MediumRow
            key={medium.id}
            medium={medium}
            onChoose={(act) => setChosen({ act, medium })}
          />
        ))}
      </ul>
      <div className="actions">
        <Button onClick={() => setChosen({ act: 'bind', medium: null })}>{t('acts.bind')}</Button>
      </div>
      {chosen && (
        <ActForm
          key={`${chosen.act} ${chosen.medium?.id ?? ''}`}
          personId={currentPersonId}
          {...chosen}
          onClose={close}
          onDone={() => {
            close()
            onDone()
          }}
        />
      )}
    </section>
  )
}

type MediumRowProps = { medium: Medium; onChoose: (act: 'end' | 'loss' | 'replacement') => void }

function MediumRow({ medium, onChoose }: MediumRowProps) {
  const { t } = useMediaWords()
  const { hospitalId } = useStaff()
  const { kind, masked, status } = medium
  const isOthers = medium.hospitalId !== null && medium.hospitalId !== hospitalId
  const name = t(isOthers ? 'ofAnother' : `kinds.${kind}`)
  const what = `${name} ${masked}`
  return (
    <li aria-label={what} className="actions">
      <strong>{name}</strong> {masked} · {t(`states.${status}`)}{' '}
      {status === 'active' &&
        !isOthers &&
        (['loss', 'replacement', 'end'] as const).map((act) => (
          <Button
            key={act}
            size="small"
            aria-label={`${t(`acts.${act}`)} ${what}`}
            onClick={() => onChoose(act)}
          >
            {t(`acts.${act}`)}
          </Button>
        ))}
    </li>
  )
}
