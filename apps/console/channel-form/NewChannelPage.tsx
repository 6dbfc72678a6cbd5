import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useBilingual, useFormWords } from './words.ts'

/** Where a channel without code begins: a template and a name, or a draft that waits. */
export function NewChannelPage() {
  const { t } = useFormWords()
  const staff = useStaff()
  usePageTitle(t('new.title'))
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/channels">{t('new.back')}</Link> <Icon name="right" />
      </p>
      <header className="page-head">
        <h1>{t('new.title')}</h1>
      </header>
      <p className="fine">{t('new.intro')}</p>
      {may(staff, 'describeChannels') ? (
        <>
          <BeginForm />
          <Drafts />
        </>
      ) : (
        <Empty text={t('new.forbidden')} />
      )}
    </div>
  )
}

const NAME_PATTERN = '[a-z][a-z0-9\\-]{1,29}'

function BeginForm() {
  const { t } = useFormWords()
  const say = useBilingual()
  const { hospitalId } = useStaff()
  const navigate = useNavigate()
  const { data, error, refetch } = api.query.useQuery('get', '/v1/channel-templates')
  const [template, setTemplate] = useState<string | null>(null)
  const [name, setName] = useState('')
  const create = api.query.useMutation('post', '/v1/hospitals/{hospitalId}/channel-drafts', {
    onSuccess: ({ id }) => navigate({ to: '/channels/drafts/$draftId', params: { draftId: id } }),
  })
  const begin = (event: FormEvent) => {
    event.preventDefault()
    if (template === null) return
    create.mutate({ params: { path: { hospitalId } }, body: { template, name } })
  }
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 6 }} />
  return (
    <form className="card begin-form" onSubmit={begin}>
      <fieldset className="templates">
        <legend>{t('new.template')}</legend>
        {data.items.map((each) => (
          <label key={each.name} className="template">
            <input
              type="radio"
              name="template"
              required
              checked={template === each.name}
              onChange={() => setTemplate(each.name)}
            />
            <span className="template-words">
              <strong>{say(each.title)}</strong>
              <code>{each.name}</code>
              {each.specimen !== null && <span className="fine">{say(each.specimen)}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <label className="begin-name">
        {t('new.name')}
        <input
          required
          pattern={NAME_PATTERN}
          title={t('new.nameHint')}
          spellCheck={false}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <span className="fine">{t('new.nameHint')}</span>
      </label>
      {create.error !== null && <Fault error={create.error} />}
      <div>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t('new.begin')}
        </Button>
      </div>
    </form>
  )
}

function Drafts() {
  const { t } = useFormWords()
  const say = useBilingual()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channel-drafts',
    { params: { path: { hospitalId } } },
  )
  return (
    <section className="card" aria-labelledby="drafts-title">
      <h2 id="drafts-title">{t('new.drafts')}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 2 }} />}
      {data?.items.length === 0 && <Empty text={t('new.noDrafts')} />}
      <ul className="mini-list">
        {data?.items.map((draft) => (
          <li key={draft.id}>
            <Link to="/channels/drafts/$draftId" params={{ draftId: draft.id }}>
              {say(draft.title)} {draft.name}
            </Link>
            <span className="fine">
              {t('draft.version', { version: draft.version })} · {t('draft.changedAt')}{' '}
              <Moment at={draft.updatedAt} form="exact" />
            </span>
            {draft.live !== null && (
              <StatusChip tone="good" icon="check" text={t('draft.live', draft.live)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
