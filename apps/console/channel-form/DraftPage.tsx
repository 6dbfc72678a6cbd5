import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useState } from 'react'

import { Moment } from '../../web/Moment.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BenchTab } from './BenchTab.tsx'
import { type Edited, FormTab } from './FormTab.tsx'
import { ParamsTab } from './ParamsTab.tsx'
import { DRAFT_TABS } from './search.ts'
import { type Draft, useDraft, useDraftActions } from './use-draft.ts'
import { useBilingual, useFormWords } from './words.ts'

const route = getRouteApi('/office/channels/drafts/$draftId')

/** One channel that is being described: its form, its parameters, its bench. */
export function DraftPage() {
  const { t } = useFormWords()
  const { draftId } = route.useParams()
  const { data, error, refetch } = useDraft(draftId)
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/channels">{t('new.back')}</Link> <Icon name="right" />{' '}
        <Link to="/channels/new">{t('new.title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && <OneDraft key={data.id} draft={data} />}
    </div>
  )
}

function OneDraft({ draft }: { draft: Draft }) {
  const { tab = 'form' } = route.useSearch()
  const [edited, setEdited] = useState<Edited | null>(null)
  const isUnsaved = edited !== null && edited.text !== draft.descriptor
  return (
    <>
      <Head draft={draft} />
      <Tabs />
      {tab === 'form' && <FormTab draft={draft} edited={edited} onEdit={setEdited} />}
      {tab === 'params' && <ParamsTab draft={draft} />}
      {tab === 'bench' && <BenchTab draft={draft} isUnsaved={isUnsaved} />}
    </>
  )
}

function Tabs() {
  const { t } = useFormWords()
  const { tab = 'form' } = route.useSearch()
  const { draftId } = route.useParams()
  return (
    <nav className="choices" aria-label={t('draft.tabs')}>
      {DRAFT_TABS.map((name) => (
        <Link
          key={name}
          className="chip chip-link"
          to="/channels/drafts/$draftId"
          params={{ draftId }}
          search={{ tab: name }}
          aria-current={tab === name ? 'step' : undefined}
        >
          {t(`draft.tab.${name}`)}
        </Link>
      ))}
    </nav>
  )
}

function Head({ draft }: { draft: Draft }) {
  const { t } = useFormWords()
  const say = useBilingual()
  usePageTitle(`${say(draft.title)} ${draft.name}`)
  return (
    <header className="object-head">
      <div>
        <h1>
          {say(draft.title)} <code>{draft.name}</code>
          {draft.live === null ? (
            <StatusChip tone="plain" icon="clock" text={t('draft.notLive')} />
          ) : (
            <StatusChip tone="good" icon="check" text={t('draft.live', draft.live)} />
          )}
        </h1>
        <ul className="object-facts">
          <li>{t('draft.version', { version: draft.version })}</li>
          <li>
            {t('draft.changedAt')} <Moment at={draft.updatedAt} form="exact" />
          </li>
          {draft.specimen !== null && <li>{say(draft.specimen)}</li>}
        </ul>
      </div>
      <Remove draft={draft} />
    </header>
  )
}

/** Asked once more, as nothing brings a draft back. */
function Remove({ draft }: { draft: Draft }) {
  const { t } = useFormWords()
  const navigate = useNavigate()
  const { remove, params } = useDraftActions(draft.id)
  const [isAsking, setAsking] = useState(false)
  const throwAway = async () => {
    await remove.mutateAsync(params)
    await navigate({ to: '/channels/new' })
  }
  return (
    <div className="action">
      {remove.error !== null && <Fault error={remove.error} />}
      {isAsking ? (
        <span className="choices">
          <Button danger loading={remove.isPending} onClick={() => void throwAway()}>
            {t('draft.removeSure')}
          </Button>
          <Button onClick={() => setAsking(false)}>{t('draft.removeKeep')}</Button>
        </span>
      ) : (
        <Button type="text" onClick={() => setAsking(true)}>
          {t('draft.remove')}
        </Button>
      )}
    </div>
  )
}
