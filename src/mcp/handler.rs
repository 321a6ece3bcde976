//! Answers the messages of a client. Where and how a tool call runs is the business of a [`CallRunner`].

use std::{pin::Pin, sync::Arc};

use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Extensions,
        Implementation, JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities,
        ServerConfig,
    },
    service::RequestContext,
};

use super::{arguments::MAX_ERROR_TOKENS, token_estimate::truncate, tools};
use crate::{error::Result, hints, search::Searcher};

/// Instructions of the server, which a model reads before the descriptions of the tools.
const INSTRUCTIONS: &str = "Full-text search over policy press releases in English and Chinese. \
    Search first; quote passages verbatim and cite them by their attribution and link. \
    Every answer stays within max_tokens and states what it leaves out and how to continue.";

/// Runs tool calls on the newest commit of an index, outside the threads that read messages.
pub(crate) trait CallRunner: Send + Sync {
    /// Starts `call`. `extensions` describe the request of the client, for example its HTTP headers.
    fn run(&self, call: ToolCall, extensions: &Extensions) -> PendingCall;
}

/// Tool call that waits for a searcher.
pub(crate) struct ToolCall {
    name: String,
    arguments: JsonObject,
}

/// Result of a tool call that runs; `None` if no tool has the name of the call. The error says why the call could not
/// run, for example because it waited too long.
pub(crate) type PendingCall =
    Pin<Box<dyn Future<Output = Result<Option<CallToolResult>, String>> + Send>>;

impl ToolCall {
    /// Calls the tool with `searcher`, or returns a tool error if there is none.
    pub(crate) fn call(self, searcher: Result<Searcher>) -> Option<CallToolResult> {
        let answer = match searcher {
            Ok(searcher) => tools::call_tool(&searcher, &self.name, self.arguments)?,
            Err(error) => Err(error),
        };
        Some(match answer {
            Ok(answer) => CallToolResult::from(answer),
            Err(error) => tool_error(&hints::message_with_hint(&error)),
        })
    }
}

/// MCP server of one index.
#[derive(Clone)]
pub(crate) struct McpServer {
    runner: Arc<dyn CallRunner>,
}

impl McpServer {
    pub(super) fn new(runner: Arc<dyn CallRunner>) -> Self {
        Self { runner }
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let implementation = Implementation::new("gz-search", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(implementation)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::all_tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let CallToolRequestParams { name, arguments, .. } = request;
        let call =
            ToolCall { name: name.clone().into_owned(), arguments: arguments.unwrap_or_default() };
        let pending_call = self.runner.run(call, &context.extensions);
        match pending_call.await {
            Ok(Some(tool_result)) => Ok(tool_result.into()),
            Ok(None) => {
                let message = format!("there is no tool {}", truncate(&name, MAX_ERROR_TOKENS));
                Err(ErrorData::invalid_params(message, None))
            }
            Err(message) => Ok(tool_error(&message).into()),
        }
    }
}

/// Returns a tool error, which the model reads as the result of its call.
pub(super) fn tool_error(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(truncate(message, MAX_ERROR_TOKENS))])
}
