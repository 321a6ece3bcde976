//! Answers the messages of a client. A [`WorkRunner`] chooses the thread on which the work of an answer runs.

use std::sync::Arc;

use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
        CompleteResult, ContentBlock, CustomRequest, CustomResult, ErrorCode,
        GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
        ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig,
        ServerResult,
    },
    service::RequestContext,
};

use super::{
    arguments::MAX_ERROR_TOKENS,
    completion,
    malformed_request::{read_request_params, to_custom_result, with_parsed_arguments},
    prompts, resources,
    runner::{WorkRunner, run_for_result},
    token_estimate::truncate,
    tools,
};
use crate::{
    error::{Error, Result},
    hints,
    search::Searcher,
};

/// Instructions of the server, which a model reads before the descriptions of the tools.
const SERVER_INSTRUCTIONS: &str = "Full-text search over policy press releases in English and Chinese. \
    Search first; quote passages verbatim and cite them by their attribution and link. \
    Every answer stays within max_tokens and states what it leaves out and how to continue.";

/// MCP server of one index.
#[derive(Clone)]
pub(crate) struct McpServer {
    runner: Arc<dyn WorkRunner>,
}

impl McpServer {
    pub(super) fn new(runner: Arc<dyn WorkRunner>) -> Self {
        Self { runner }
    }

    /// Runs `work` with a searcher of the newest commit.
    ///
    /// # Errors
    ///
    /// Returns the errors of `work` as errors of the protocol, and an error if the work could not run.
    async fn run_with_searcher<T: Send + 'static>(
        &self,
        context: &RequestContext<RoleServer>,
        work: impl FnOnce(&Searcher) -> Result<T> + Send + 'static,
    ) -> Result<T, ErrorData> {
        let with_index = |searcher: Result<Searcher>| work(&searcher?);
        match run_for_result(self.runner.as_ref(), &context.extensions, with_index).await {
            Ok(result) => result.map_err(|error| protocol_error(&error)),
            Err(message) => Err(ErrorData::internal_error(message, None)),
        }
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let implementation = Implementation::new("gz-search", env!("CARGO_PKG_VERSION"));
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .enable_completions()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(implementation)
            .with_instructions(SERVER_INSTRUCTIONS)
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
        let tool_name = name.clone();
        let call = move |searcher: Result<Searcher>| match searcher {
            Ok(searcher) => tools::call_tool(&searcher, &name, arguments.unwrap_or_default()),
            Err(error) => Some(Err(error)),
        };
        match run_for_result(self.runner.as_ref(), &context.extensions, call).await {
            Ok(Some(Ok(answer))) => Ok(CallToolResult::from(answer).into()),
            Ok(Some(Err(error))) => Ok(tool_error(&hints::message_with_hint(&error)).into()),
            Ok(None) => {
                let name = truncate(&tool_name, MAX_ERROR_TOKENS);
                Err(ErrorData::invalid_params(format!("there is no tool {name}"), None))
            }
            Err(message) => Ok(tool_error(&message).into()),
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let list =
            move |searcher: &Searcher| resources::newest_releases(searcher, cursor.as_deref());
        self.run_with_searcher(&context, list).await
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::address_templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.clone();
        let read = move |searcher: &Searcher| resources::read_resource(searcher, &uri);
        match self.run_with_searcher(&context, read).await? {
            Some(result) => Ok(result.into()),
            None => Err(resources::unknown_resource_error(&request.uri)),
        }
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::all_prompts()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        match prompts::get_prompt(&request.name, arguments) {
            Ok(prompt) => Ok(prompt.into()),
            Err(error) => Err(protocol_error(&error)),
        }
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let complete = move |searcher: &Searcher| {
            let CompleteRequestParams { r#ref, argument, context, .. } = &request;
            completion::complete(searcher, r#ref, argument, context.as_ref())
        };
        self.run_with_searcher(&context, complete).await.map(CompleteResult::new)
    }

    /// Answers a request that the crate rmcp could not read, because its parameters are malformed or its method is
    /// unknown.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let CustomRequest { method, params, .. } = request;
        match method.as_str() {
            "tools/call" => {
                let params = read_request_params(with_parsed_arguments(params))?;
                to_custom_result(self.call_tool(params, context).await?)
            }
            "resources/read" => {
                to_custom_result(self.read_resource(read_request_params(params)?, context).await?)
            }
            "prompts/get" => {
                to_custom_result(self.get_prompt(read_request_params(params)?, context).await?)
            }
            "completion/complete" => {
                let result = self.complete(read_request_params(params)?, context).await?;
                to_custom_result(ServerResult::CompleteResult(result))
            }
            _ => Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method, None)),
        }
    }
}

/// Returns a tool error, which the model reads as the result of its call.
pub(super) fn tool_error(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(truncate(message, MAX_ERROR_TOKENS))])
}

/// Returns a protocol error, for a request whose result type cannot contain an error.
fn protocol_error(error: &Error) -> ErrorData {
    let message = truncate(&hints::message_with_hint(error), MAX_ERROR_TOKENS);
    match error {
        Error::InvalidArgument { .. } => ErrorData::invalid_params(message, None),
        _ => ErrorData::internal_error(message, None),
    }
}
