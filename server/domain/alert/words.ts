import { catalogue, latestCatalogueVersion } from '../control/catalogue.ts'
import type { AlertCause, AlertKind } from './causes.ts'
import type { Resolution } from './events.ts'

/** An alert in plain words: what happened, what it means for evidence, what to do. People of a directory are never named. */
export interface AlertWords {
  readonly title: string
  readonly meaning: string
  /** A path below the organization's own address. */
  readonly step: { readonly label: string; readonly to: string }
}

/** @param sourceName what the connected directory is called */
export function alertWords(cause: AlertCause, sourceName: string): AlertWords {
  switch (cause.kind) {
    case 'connection_stale':
      return {
        title: `${sourceName} has not been read for more than 6 hours`,
        meaning:
          'Its evidence counts for half in coverage, and from 24 hours on for nothing. What was collected before is kept.',
        step: { label: 'See its runs', to: connectionPath(cause.connectionId) },
      }
    case 'authorization_required':
      return cause.remedy === 'reauthorize'
        ? {
            title: `${sourceName} wants a new sign-in`,
            meaning: 'Nothing is collected until an administrator of the directory signs in again.',
            step: { label: 'Authorize again', to: connectionPath(cause.connectionId) },
          }
        : {
            title: `${sourceName} refuses the app registration`,
            meaning: 'Nothing is collected until the app registration or its secret is put right.',
            step: { label: 'Fix it', to: connectionPath(cause.connectionId) },
          }
    case 'secret_expiring':
      return {
        title: `The client secret of ${sourceName} ends on ${cause.secretExpiresOn}`,
        meaning: 'Without a new one collection stops then.',
        step: { label: 'Replace the secret', to: connectionPath(cause.connectionId) },
      }
    case 'control_failed':
      return {
        title: `${controlName(cause.controlId)} turned from pass to fail`,
        meaning: 'The control adds nothing to coverage until it passes again.',
        step: { label: 'See what failed', to: `controls/${cause.controlId}` },
      }
    case 'export_failed':
      return {
        title: 'An export failed',
        meaning: 'No archive came of it. Nothing that was collected is touched.',
        step: { label: 'See the export', to: `audit/exports/${cause.exportId}` },
      }
    case 'checkpoint_failed':
      return {
        title: 'A checkpoint was not delivered',
        meaning:
          'One receiver lacks the newest proof of this log. Until it has one, it cannot tell a rewritten log from this.',
        step: { label: 'See the subscriptions', to: 'audit/subscriptions' },
      }
    case 'ledger_fails':
      return {
        title: 'The ledger did not verify',
        meaning:
          'Something in it is not what its hashes say. Do not rely on it as evidence before the cause is known.',
        step: { label: 'See what does not hold', to: 'audit/checkpoints' },
      }
    case 'sealing_failed':
      return {
        title: 'The log could not be sealed',
        meaning:
          cause.obstacle === 'key_service'
            ? 'The key service does not help. Events are recorded all the same, but no signature binds the newest of them until it does.'
            : 'It does not continue what its newest checkpoint signed, so nothing is signed over it. Do not rely on it as evidence before the cause is known.',
        step: { label: 'See the checkpoints', to: 'audit/checkpoints' },
      }
  }
}

/** What an alert's end says, after its title. */
export const resolutionWords: Readonly<Record<Resolution, string>> = {
  recovered: 'Everything comes again.',
  authorized: 'Somebody signed in again.',
  secret_replaced: 'The secret was replaced.',
  passes: 'The control passes again.',
  export_completed: 'A later export was completed.',
  delivered: 'A later checkpoint was delivered.',
  unsubscribed: 'The subscription was ended.',
  holds: 'A later verification found that everything holds.',
  sealed: 'A later seal succeeded.',
  revoked: 'The connection was revoked.',
  seen: 'Somebody has seen it.',
}

/** What a channel chooses from. */
export const alertKindNames: Readonly<Record<AlertKind, string>> = {
  connection_stale: 'A directory is not read for more than 6 hours',
  authorization_required: 'A directory wants a new sign-in',
  secret_expiring: 'A client secret is about to end',
  control_failed: 'A control turns from pass to fail',
  export_failed: 'An export fails',
  checkpoint_failed: 'A checkpoint cannot be delivered',
  ledger_fails: 'The ledger does not verify',
  sealing_failed: 'The log cannot be sealed',
}

const connectionPath = (connectionId: string) => `settings/integrations/connections/${connectionId}`

function controlName(controlId: string): string {
  const known = catalogue(latestCatalogueVersion).controls.find(({ id }) => id === controlId)
  return known ? `${controlId} ${known.shortTitle}` : controlId
}
