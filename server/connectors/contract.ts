import type { Clock } from '../clock.ts'
import type { Cadence, EvidenceKind, UnavailableReason } from '../domain/evidence/kinds.ts'
import type { Secret } from '../vault/secret.ts'

/**
 * What a connector is: what it says of itself, how it is authorized, and the evidence it yields as streams. Nothing
 * else of the product knows a source by name. How often a kind is read and when it is stale belongs to the kind
 * (domain/evidence/kinds.ts), so that the same kind ages alike whatever source it comes from.
 */
export interface Connector {
  readonly manifest: ConnectorManifest
  readonly authorization: ConnectorAuthorization
  /** Opens one run's worth of reads with a live access token. */
  openReads(options: OpenReadsOptions): Promise<OpenedReads>
}

export interface ConnectorManifest {
  readonly id: string
  readonly name: string
  readonly category: string
  readonly authorizationMethod: string
  /** How often it is read for the most part, in a word. */
  readonly cadence: string
  readonly summary: string
  readonly requiredScopes: readonly string[]
  /**
   * Part of the provenance of all that is attached: raised when normalising the same answer would give another item
   * than before, which re-attaches with cause `collector`. A kind that is new changes no item of the others.
   */
  readonly normaliserVersion: number
  readonly reads: readonly ConnectorRead[]
  readonly clouds: readonly { readonly id: string; readonly name: string; readonly loginOrigin: string }[]
  /** What the OAuth redirect comes back to, below the deployment's own origin: `/api/integrations/<id>/callback`. */
  readonly callbackPath: string
  readonly words: ConnectorWords
}

export interface ConnectorRead {
  readonly kind: EvidenceKind
  /** Every permission that the request needs. */
  readonly scopes: readonly string[]
  /** Without which plan of the source the kind does not come, in short and as a sentence part; null for none. */
  readonly licence: { readonly plan: string; readonly words: string } | null
  readonly purpose: string
  readonly request: string
  /** Clouds in which the source does not offer this kind. */
  readonly absentIn: readonly string[]
}

/** What the pages say of this source alone: texts, never behaviour. */
export interface ConnectorWords {
  /** Whom people sign in at: "Continue to …". */
  readonly signIn: string
  /** Where the source's administrators work: "can be deleted in …". */
  readonly console: string
  /** Who has to be there, and with how much power. */
  readonly roles: string
  readonly account: string
  /** Where permissions are granted and taken away: "under …". */
  readonly permissions: string
  readonly stepsTitle: string
  /** `copies` names what is pasted at the source in this step. */
  readonly steps: readonly {
    readonly title: string
    readonly details: readonly string[]
    readonly copies?: 'redirect_uri' | 'scopes'
  }[]
  readonly fields: Readonly<Record<ConnectField, FieldWords>>
  /** How a new client secret is made, as a sentence. */
  readonly newSecret: string
  readonly canOnlyRead: string
  readonly cannotSee: string
  readonly afterRevoking: string
}

/** What the connect form asks for. */
export const connectFields = [
  'externalTenantId',
  'clientId',
  'clientSecret',
  'secretExpiresOn',
  'cloud',
] as const
export type ConnectField = (typeof connectFields)[number]

/** `where` tells how to get it, as a sentence, when what was typed cannot be right. */
export interface FieldWords {
  readonly label: string
  readonly hint: string
  readonly where: string
}

/** What the admin typed, checked. `externalTenantId` is the directory the connection is for. */
export interface ConnectionSettings {
  readonly externalTenantId: string
  readonly clientId: string
  readonly cloud: string
}

export interface ConnectorAuthorization {
  /** The address to send the browser to, with what must be kept (sealed) until it comes back. */
  begin(input: {
    settings: ConnectionSettings
    clientSecret: Secret
    redirectUri: string
    state: string
  }): Promise<{ url: string; verifier: Secret; nonce: Secret }>

  /**
   * Redeems the code and checks the id token.
   * @throws {AuthorizationRefused} with words for the admin; nothing is kept then.
   */
  complete(input: {
    settings: ConnectionSettings
    clientSecret: Secret
    redirectUri: string
    state: string
    verifier: Secret
    nonce: Secret
    /** The callback's query parameters. */
    callback: URLSearchParams
    now: Date
  }): Promise<CompletedAuthorization>
}

export interface CompletedAuthorization {
  readonly tokenCache: Secret
  readonly grant: ScopeGrant
  /** The directory's object id of the account that signed in. */
  readonly authorizedBy: string
}

/** Granted scopes sorted, without protocol scopes; what is missing from the required ones; reads beyond them. */
export interface ScopeGrant {
  readonly granted: readonly string[]
  readonly missing: readonly string[]
  readonly excess: readonly string[]
}

export const refusalReasons = [
  'declined',
  'consent_missing',
  'wrong_tenant',
  'wrong_secret',
  'expired_secret',
  'unknown_application',
  'redirect_uri_missing',
  'write_scope_granted',
  'scope_missing',
  'identity_mismatch',
  'account_not_allowed',
  'interaction_required',
  'source_unavailable',
  'other',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** What happened, who can mend it, and how, step by step. */
export interface RefusalWords {
  readonly title: string
  readonly explanation: string
  /** A sentence: "An administrator of the directory has to act." */
  readonly who: string
  readonly remedy: readonly string[]
}

/** Authorization did not come about. */
export class AuthorizationRefused extends Error {
  override readonly name = 'AuthorizationRefused'
  readonly reason: RefusalReason
  readonly words: RefusalWords
  /** The form field to correct, where one is at fault. */
  readonly field: Exclude<ConnectField, 'secretExpiresOn'> | null
  /** The source's own code, shown as help only. */
  readonly code: string | null

  constructor(
    reason: RefusalReason,
    words: RefusalWords,
    more: { field?: AuthorizationRefused['field']; code?: string | null; log?: string } = {},
  ) {
    super(more.log ?? `${reason}: ${words.title}`)
    this.reason = reason
    this.words = words
    this.field = more.field ?? null
    this.code = more.code ?? null
  }
}

/** Where the sealed token cache is read from and written back to; nothing else sees its plaintext. */
export interface TokenCacheStore {
  read(): Promise<Secret | null>
  write(cache: Secret): Promise<void>
}

export interface OpenReadsOptions {
  readonly settings: ConnectionSettings
  readonly clientSecret: Secret
  readonly tokenCache: TokenCacheStore
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What the run is due to: a daily one may wait longer for the source than the hour allows. */
  readonly cadence: Cadence
}

export interface OpenedReads {
  /** The scopes granted as of this refresh. */
  readonly grant: ScopeGrant
  /**
   * Reads one kind from its first page to its last.
   * The stream fails with {@link EvidenceReadFailed}; until `done` was reached nothing of it may be attached.
   */
  read(kind: EvidenceKind, window: FeedWindow | null): AsyncGenerator<ItemPage, ReadProvenance>
}

/** Half-open: items with `from <= at < to`. */
export interface FeedWindow {
  readonly from: Date
  readonly to: Date
}

/** Items of one page of the source, all of them or a part. */
export interface ItemPage {
  /** Which page of the source they are of, from 1. */
  readonly page: number
  readonly items: readonly NormalisedItem[]
}

export interface NormalisedItem {
  /** A UUID in lower case: the source's object id, or one derived from it. */
  readonly subjectKey: string
  /** Matches the kind's schema in domain/evidence/items.ts. */
  readonly item: object
}

/** How a kind was read: kept with the evidence. Never holds a secret. */
export interface ReadProvenance {
  readonly request: string
  readonly requestIds: readonly string[]
  readonly pages: number
  readonly rows: number
  /** The source's own count where it gives one. */
  readonly declaredCount: number | null
  readonly firstResponseAt: Date
  readonly lastResponseAt: Date
  readonly collectorVersion: string
  /** When the source says its own report was made, where it does. */
  readonly reportedAt: string | null
  /** Retries after throttling or failure. */
  readonly retries: number
  /** Of a feed what the read really covered: no more than was asked for, and nothing behind the source's own time. */
  readonly window: FeedWindow | null
}

/** One kind could not be read. The other kinds of the run go on. */
export class EvidenceReadFailed extends Error {
  override readonly name = 'EvidenceReadFailed'
  readonly reason: UnavailableReason
  readonly explanation: string
  readonly status: number | null
  readonly code: string | null
  readonly requestId: string | null

  constructor(
    reason: UnavailableReason,
    explanation: string,
    more: { status?: number | null; code?: string | null; requestId?: string | null; cause?: unknown } = {},
  ) {
    super(`${reason}: ${explanation}`, more.cause === undefined ? {} : { cause: more.cause })
    this.reason = reason
    this.explanation = explanation
    this.status = more.status ?? null
    this.code = more.code ?? null
    this.requestId = more.requestId ?? null
  }
}

/** What a connection needs before it can sync again, when the source refuses the credential. */
export const attentionRemedies = ['reauthorize', 'fix_application'] as const
export type AttentionRemedy = (typeof attentionRemedies)[number]

/** The source refused the credential for good: no retry will help until a person acts. */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused'
  readonly remedy: AttentionRemedy
  /** A short stable word, e.g. `secret_expired`, `session_revoked`, `consent_withdrawn`. */
  readonly reason: string
  readonly explanation: string
  readonly code: string | null
  /** What turned out to be granted, where that is why: it is recorded, and the stored tokens are destroyed. */
  readonly intolerable: ScopeGrant | null

  constructor(
    remedy: AttentionRemedy,
    reason: string,
    explanation: string,
    more: { code?: string | null; intolerable?: ScopeGrant } = {},
  ) {
    super(`${remedy}: ${reason}`)
    this.remedy = remedy
    this.reason = reason
    this.explanation = explanation
    this.code = more.code ?? null
    this.intolerable = more.intolerable ?? null
  }
}

/** The source did not answer as it should, and may later: the run failed, the credential stands. */
export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable'
}
