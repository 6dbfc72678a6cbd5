import { Button, Modal, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { oneOf } from '../search/params.ts'
import { announce } from '../shell/announce.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { type Channel, type Tier, TIERS } from './model.ts'
import { useRefresh } from './use-channels.ts'

const MOST_CHANGES = 50
const MOST_LETTERS = 500

/** Which tier the channel has, who gave it and why; and the way to give another. */
export function TierCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [isOpen, setOpen] = useState(false)
  return (
    <section className="card" aria-labelledby="tier-title">
      <div className="card-head">
        <h2 id="tier-title">{t('channels.tier.title')}</h2>
        {may(staff, 'keepChannels') && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('channels.tier.change')}
          </Button>
        )}
      </div>
      <p>
        <strong>{t(`channels.tiers.${channel.tier ?? 'none'}`)}</strong>{' '}
        <span className="fine">{t(`channels.tierHints.${channel.tier ?? 'none'}`)}</span>
      </p>
      <History name={channel.name} />
      <Modal
        open={isOpen}
        title={t('channels.tier.change')}
        onCancel={() => setOpen(false)}
        footer={null}
        destroyOnHidden
      >
        <TierForm channel={channel} onDone={() => setOpen(false)} />
      </Modal>
    </section>
  )
}

function History({ name }: { name: string }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const actorName = useActorName()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels/{name}/tier-changes',
    { params: { path: { hospitalId, name }, query: { limit: MOST_CHANGES } } },
  )
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 2 }} />
  if (data.items.length === 0) return <Empty text={t('channels.tier.none')} />
  return (
    <ol className="notes">
      {data.items.map(({ id, tier, reason, byException, changedBy, changedAt }) => (
        <li key={id}>
          <p>
            {t(`channels.tier.became.${tier ?? 'none'}`)}
            {byException && <span className="tone-held"> {t('channels.tier.byException')}</span>}
          </p>
          <p className="note-text">{reason}</p>
          <p className="fine">
            {actorName(changedBy)} · <Moment at={changedAt} form="exact" />
          </p>
        </li>
      ))}
    </ol>
  )
}

const CHOICES = [...TIERS, 'none'] as const

type TierChoiceProps = { tier: Tier | 'none'; onChange: (tier: Tier | 'none') => void }

function TierChoice({ tier, onChange }: TierChoiceProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="resolutions">
      <legend>{t('channels.tier.which')}</legend>
      {CHOICES.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="tier"
            value={each}
            checked={tier === each}
            onChange={(event) => onChange(oneOf(CHOICES, event.target.value) ?? tier)}
          />
          <span>
            {t(`channels.tiers.${each}`)}{' '}
            <span className="fine">{t(`channels.tierHints.${each}`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function TierForm({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  const [tier, setTier] = useState<Tier | 'none'>(channel.tier ?? 'none')
  const [reason, setReason] = useState('')
  const [byException, setByException] = useState(false)
  const grant = api.query.useMutation('post', '/v1/hospitals/{hospitalId}/channels/{name}/tier', {
    onSuccess: async () => {
      announce(t('channels.tier.changed'))
      await refresh()
      onDone()
    },
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    grant.mutate({
      params: { path: { hospitalId, name: channel.name } },
      body: { tier: tier === 'none' ? null : tier, reason: reason.trim(), byException },
    })
  }
  return (
    <form className="note-form" onSubmit={send}>
      <TierChoice tier={tier} onChange={setTier} />
      <label className="check-line">
        <input
          type="checkbox"
          checked={byException}
          onChange={() => setByException(!byException)}
        />
        {t('channels.tier.exception')}
      </label>
      <label>
        {t(byException ? 'channels.tier.exceptionReason' : 'channels.tier.reason')}
        <textarea
          rows={3}
          required
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {grant.error !== null && <ChannelFault error={grant.error} />}
      <Button
        type="primary"
        htmlType="submit"
        loading={grant.isPending}
        disabled={reason.trim() === ''}
      >
        {t('channels.tier.confirm')}
      </Button>
    </form>
  )
}
