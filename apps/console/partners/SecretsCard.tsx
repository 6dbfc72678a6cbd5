import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import type { ApplicationDetail } from './model.ts'
import { SecretShown } from './SecretShown.tsx'
import { useKeeper } from './use-keeper.ts'

const OVERLAPS_H = [0, 24, 72, 168] as const

/** The secrets in force, by number and dates: what they are, nobody here knows any more. */
export function SecretsCard({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { keepsSecrets, isHome } = useKeeper(application)
  const [isOpen, setOpen] = useState(false)
  return (
    <section className="card" aria-labelledby="secrets-title">
      <header className="card-head">
        <h2 id="secrets-title">{t('partners.secret.title')}</h2>
        {keepsSecrets && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('partners.secret.rotate')}
          </Button>
        )}
      </header>
      {!isHome && <p className="fine">{t('partners.foreign')}</p>}
      <SecretList application={application} />
      <RotateDialog application={application} isOpen={isOpen} onClose={() => setOpen(false)} />
    </section>
  )
}

function SecretList({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { hospitalId, keepsSecrets } = useKeeper(application)
  const queryClient = useQueryClient()
  const [asked, setAsked] = useState<string | null>(null)
  const revoke = api.query.useMutation(
    'delete',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/secrets/{secretId}',
    {
      onSuccess: async () => {
        setAsked(null)
        announce(t('partners.secret.revoked'))
        await queryClient.invalidateQueries()
      },
    },
  )
  const path = { hospitalId, id: application.id, secretId: asked ?? '' }
  return (
    <>
      <ul className="mini-list">
        {application.secrets.map(({ id, createdAt, expiresAt }) => (
          <li key={id}>
            <span className="two-lines">
              <code>…{id.slice(-6)}</code>
              <span className="fine">
                {t('partners.secret.createdAt')} <Moment at={createdAt} form="exact" />
              </span>
              <span className="fine">
                {t('partners.secret.expiresAt')} <Moment at={expiresAt} form="exact" />
              </span>
            </span>
            {keepsSecrets && (
              <Button size="small" danger onClick={() => setAsked(id)}>
                {t('partners.revoke')}
              </Button>
            )}
          </li>
        ))}
        {application.secrets.length === 0 && <li>{t('partners.secret.none')}</li>}
      </ul>
      <Modal
        open={asked !== null}
        title={t('partners.secret.askRevoke')}
        okText={t('partners.revoke')}
        cancelText={t('partners.cancel')}
        okButtonProps={{ danger: true, loading: revoke.isPending }}
        onOk={() => revoke.mutate({ params: { path } })}
        onCancel={() => setAsked(null)}
      >
        <p>{t('partners.secret.revokeHint')}</p>
        {revoke.error !== null && <Fault error={revoke.error} />}
      </Modal>
    </>
  )
}

type RotateDialogProps = { application: ApplicationDetail; isOpen: boolean; onClose: () => void }

/** A new secret, and how long the old ones work beside it, so that nobody must change at midnight. */
function RotateDialog({ application, isOpen, onClose }: RotateDialogProps) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const queryClient = useQueryClient()
  const [overlapHours, setOverlapHours] = useState<number>(24)
  const rotate = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/secrets',
    { onSuccess: () => queryClient.invalidateQueries() },
  )
  const close = () => {
    rotate.reset()
    onClose()
  }
  const path = { hospitalId, id: application.id }
  return (
    <Modal
      open={isOpen}
      title={t('partners.secret.rotate')}
      footer={null}
      width="44rem"
      destroyOnHidden
      closable={!rotate.data}
      keyboard={!rotate.data}
      mask={{ closable: false }}
      onCancel={close}
    >
      {rotate.data ? (
        <SecretShown clientId={application.clientId} secret={rotate.data} onDone={close} />
      ) : (
        <div className="partner-form">
          <label>
            {t('partners.secret.overlap')}
            <select
              value={overlapHours}
              onChange={(event) => setOverlapHours(Number(event.target.value))}
            >
              {OVERLAPS_H.map((hours) => (
                <option key={hours} value={hours}>
                  {t(hours === 0 ? 'partners.secret.atOnce' : 'partners.secret.hours', { hours })}
                </option>
              ))}
            </select>
          </label>
          {rotate.error !== null && <Fault error={rotate.error} />}
          <footer className="partner-foot">
            <Button
              type="primary"
              loading={rotate.isPending}
              onClick={() => rotate.mutate({ params: { path }, body: { overlapHours } })}
            >
              {t('partners.secret.make')}
            </Button>
          </footer>
        </div>
      )}
    </Modal>
  )
}
