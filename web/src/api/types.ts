// Short names for the wire types.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Info = Schemas["Info"];
export type Account = Schemas["Account"];
export type Accounts = Schemas["Accounts"];
export type Balance = Schemas["Balance"];
export type BalanceState = Schemas["BalanceState"];
export type BalanceError = Schemas["BalanceError"];
export type Paused = Schemas["Paused"];
export type Health = Schemas["Health"];
export type PriceSource = Schemas["PriceSource"];
export type Refreshed = Schemas["Refreshed"];
export type History = Schemas["History"];
export type HistoryPoint = Schemas["HistoryPoint"];
export type TopUp = Schemas["TopUp"];
export type Activity = Schemas["Activity"];
export type Activities = Schemas["Activities"];
export type ActivityKind = Schemas["ActivityKind"];
export type Tone = Schemas["Tone"];
export type Encoding = Schemas["Encoding"];
export type Message = Schemas["Message"];
export type Messages = Schemas["Messages"];
export type MessageState = Schemas["MessageState"];
export type MessageChange = Schemas["MessageEvent"];
export type RefreshChange = Schemas["RefreshEvent"];
export type Alert = Schemas["AlertEvent"];
export type NewMessage = Schemas["NewMessage"];
export type Accepted = Schemas["Accepted"];
export type AcceptedMany = Schemas["AcceptedMany"];
export type RefusedRecipient = Schemas["RefusedRecipient"];
export type QuoteRequest = Schemas["QuoteRequest"];
export type Quote = Schemas["Quote"];
export type Problem = Schemas["Problem"];
