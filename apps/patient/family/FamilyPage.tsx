import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { AskForm } from './AskForm.tsx'
import { CarerCard } from './CarerCard.tsx'
import { MemberCard } from './MemberCard.tsx'
import { type FamilyLink, useCarers, useMembers, useText } from './use-family.ts'

const OPEN = new Set<FamilyLink['standing']>(['waiting', 'in_force'])
const MOST_ENDED = 5

/** 家人: for whom one acts, who acts for one, and the form to ask. */
export function FamilyPage() {
  const { t } = useTranslation('family')
  const carers = useCarers()
  const asked = carers.data?.items.filter(({ standing }) => OPEN.has(standing))
  return (
    <Page title={t('title')} back={places.account}>
      {asked?.map((link) => (
        <CarerCard key={link.id} link={link} />
      ))}
      {carers.error ? (
        <FailureBox error={carers.error} onRetry={() => void carers.refetch()} />
      ) : null}
      <Members />
      {asked?.length === 0 && <p className="note">{t('noCarers')}</p>}
    </Page>
  )
}

function Members() {
  const { t } = useTranslation('family')
  const { data, error, refetch } = useMembers()
  const text = useText()
  const [isAsking, setAsking] = useState(false)
  const open = data?.items.filter(({ standing }) => OPEN.has(standing))
  const over = data?.items.filter(({ standing }) => !OPEN.has(standing)).slice(0, MOST_ENDED)
  return (
    <section className="payer" aria-label={t('members')}>
      <h2>{t('members')}</h2>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
      {open?.length === 0 && !isAsking && <p className="card note">{t('noMembers')}</p>}
      {open?.map((link) => (
        <MemberCard key={link.id} link={link} />
      ))}
      {isAsking && text.data?.text && (
        <AskForm text={text.data.text} onDone={() => setAsking(false)} />
      )}
      {text.error ? (
        <FailureBox error={text.error} onRetry={() => void text.refetch()} />
      ) : (
        !isAsking && (
          <button type="button" className="button" onClick={() => setAsking(true)}>
            {t('add')}
          </button>
        )
      )}
      {over && over.length > 0 && <Over links={over} />}
    </section>
  )
}

/** What stands no more, so that nobody wonders where it is. */
function Over({ links }: { links: readonly FamilyLink[] }) {
  const { t } = useTranslation('family')
  return (
    <ul className="rows fine-print" aria-label={t('over')}>
      {links.map(({ id, memberName, standing }) => (
        <li key={id}>
          {memberName} · {t(`standings.${standing}`)}
        </li>
      ))}
    </ul>
  )
}
